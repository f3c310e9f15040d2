#!/bin/sh
# Runs once, when PostgreSQL's volume is new: the portal gets a role that is no superuser, and a database of its own.
# PORTAL_DB_PASSWORD is the role's password. Extensions come with the migrations; they are trusted ones.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --set password="$PORTAL_DB_PASSWORD" --username "${POSTGRES_USER:-postgres}" \
    --dbname postgres <<'SQL'
CREATE ROLE portal LOGIN PASSWORD :'password';
CREATE DATABASE portal OWNER portal;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
SQL
