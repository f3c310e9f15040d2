"""The second wall: what PostgreSQL itself lets the portal's processes do, under the scoped querysets.

Each app says in its `walls.py` what the web and the worker may do with each of its tables, and which rows they see;
`core.walls.tables` says it for the tables of the framework. `build` brings a database in line with that, `session`
tells the database in each transaction who acts. A table that nobody names is closed to everybody but the owner.
"""
