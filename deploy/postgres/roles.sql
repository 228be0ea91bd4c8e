-- Create the two database roles of the service and grant their rights. Running it again changes nothing.
--
--   OWNER_PASSWORD=… APP_PASSWORD=… psql --no-psqlrc --file deploy/postgres/roles.sql "$ADMIN_URL"
--
-- Connect to the service's database as a superuser, or as the owner of the database with CREATEROLE (managed PostgreSQL).
--
-- credentials_owner  owns the tables. Only `python manage.py migrate` connects with it.
-- credentials_app    reads and writes rows. The service and the mail worker connect with it. It owns nothing, so it cannot
--                    drop or truncate a table, and cannot disable the trigger that protects the audit log.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD

BEGIN;
SET LOCAL client_min_messages TO warning;

-- psql does not fill in variables inside DO blocks.
SELECT set_config('roles.owner_password', :'owner_password', true) AS owner_password_given,
       set_config('roles.app_password', :'app_password', true) AS app_password_given \gset
DO $$
BEGIN
    IF least(length(current_setting('roles.owner_password')), length(current_setting('roles.app_password'))) < 16 THEN
        RAISE EXCEPTION 'OWNER_PASSWORD and APP_PASSWORD must have at least 16 characters';
    ELSIF current_setting('roles.owner_password') = current_setting('roles.app_password') THEN
        RAISE EXCEPTION 'OWNER_PASSWORD and APP_PASSWORD must differ';
    END IF;
END $$;

SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY['credentials_owner', 'credentials_app']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE credentials_owner LOGIN PASSWORD :'owner_password';
ALTER ROLE credentials_app LOGIN PASSWORD :'app_password';
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname IN ('credentials_owner', 'credentials_app')
               AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)) THEN
        RAISE EXCEPTION 'credentials_owner and credentials_app must not have SUPERUSER, CREATEROLE, CREATEDB, REPLICATION or BYPASSRLS';
    ELSIF EXISTS (SELECT FROM pg_auth_members WHERE member = 'credentials_app'::regrole) THEN
        RAISE EXCEPTION 'credentials_app must not be a member of another role';
    END IF;
END $$;

-- An administrator without SUPERUSER needs membership to change what the owner owns.
SELECT format('GRANT credentials_owner TO %I', current_user) FROM pg_roles
WHERE rolname = current_user AND NOT rolsuper AND NOT pg_has_role('credentials_owner', 'USAGE') \gexec

REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO credentials_owner, credentials_app;
GRANT USAGE, CREATE ON SCHEMA public TO credentials_owner;
GRANT USAGE ON SCHEMA public TO credentials_app;

-- Made here and not by the first migration, because the serving role may only read it: see the REVOKE below.
CREATE TABLE IF NOT EXISTS public.alembic_version (
    version_num varchar(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY
);

-- An existing database: hand over what another role made. Sequences of identity columns follow their table.
SELECT format('ALTER %s %s OWNER TO credentials_owner',
              CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END,
              oid::regclass)
FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
  AND relowner <> 'credentials_owner'::regrole
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype IN ('a', 'i', 'e'))
ORDER BY oid \gexec
SELECT format('ALTER ROUTINE %s OWNER TO credentials_owner', oid::regprocedure) FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND proowner <> 'credentials_owner'::regrole
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')
ORDER BY oid \gexec

-- The tables that exist, and those that later migrations make.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, credentials_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO credentials_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO credentials_app;
ALTER DEFAULT PRIVILEGES FOR ROLE credentials_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO credentials_app;
ALTER DEFAULT PRIVILEGES FOR ROLE credentials_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO credentials_app;

-- With write access it could make the next migration run as the owner against tables that are not what it expects.
REVOKE INSERT, UPDATE, DELETE ON public.alembic_version FROM credentials_app;
COMMIT;
