"""The program's entry. What a start does is in a module of its own: this one is compiled each time.

Run by ``bin/batch-implement`` and the hooks with ``python -I -S``, which is half the start-up time.
"""

import sys

if __name__ == "__main__":
    sys.path.insert(0, __file__.rpartition("/batch_implement/")[0])
    from batch_implement.entry import main

    main()
