"""How the tables came to be, one step a file; `compplan.store.migrate` takes them at start."""
