"""Run the command line as `python -m compplan.cli`."""

from compplan.cli import main

if __name__ == "__main__":
    main()
