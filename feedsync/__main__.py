"""python -m feedsync"""

from feedsync.cli import main

main()
