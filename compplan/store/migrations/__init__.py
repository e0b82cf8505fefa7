"""Database migrations, one file each; `compplan.store.migrate` runs them at start."""
