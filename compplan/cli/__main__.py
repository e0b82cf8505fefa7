"""`python -m compplan.cli`, where the installed command is not on the path."""

from compplan.cli import main

if __name__ == "__main__":
    main()
