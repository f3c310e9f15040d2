#!/bin/sh
# Runs once, when PostgreSQL's volume is new: the portal gets a database of its own and three roles, none a superuser.
# `portal` owns the tables (a release logs in with it), `portal_web` and `portal_worker` own nothing; what they may do
# is granted by each release. Extensions come with the migrations; they are trusted ones.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --set password="$PORTAL_DB_PASSWORD" \
    --set web="$PORTAL_WEB_DB_PASSWORD" --set worker="$PORTAL_WORKER_DB_PASSWORD" --username "${POSTGRES_USER:-postgres}" \
    --dbname postgres <<'SQL'
CREATE ROLE portal LOGIN PASSWORD :'password';
CREATE ROLE portal_web LOGIN PASSWORD :'web';
CREATE ROLE portal_worker LOGIN PASSWORD :'worker';
CREATE DATABASE portal OWNER portal;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
GRANT CONNECT ON DATABASE portal TO portal_web, portal_worker;
SQL
