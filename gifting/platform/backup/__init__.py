"""Backups of database and files: made, checked, played back.

A place (a folder or S3) holds `files/`, named by their content and shared by all backups, and a
folder for each backup with `database.dump` and, written last, `manifest.json`. A folder without a
manifest is a backup that never ended.

The database is dumped first and the files that its rows name are copied after: files are only
ever added, so every name in the dump has its file. The other way round a document made in between
would be in the dump alone.
"""
