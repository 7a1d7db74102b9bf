"""`python -m workbench`."""

from workbench.cli import main

# Processes that read report files import this module again.
if __name__ == "__main__":
    main()
