"""What each migration does, frozen: SQL for each kind of database, and code where SQL does not reach."""
