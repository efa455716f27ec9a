-- What a superuser can take from everybody in one database, so that the reader's login has it neither. Run by whoever
-- provisions: `make run` and the PostgreSQL container. The setting playhead.owner names the role that keeps all of it.
-- Where no superuser is to be had (RDS), docs/security.md says what remains.
DO $harden$
DECLARE
  owner text := current_setting('playhead.owner');
  called text;
  columns text;
BEGIN
  -- DO, and functions of one's own.
  REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
  EXECUTE format('GRANT USAGE ON LANGUAGE plpgsql TO %I', owner);
  -- Large objects, sleeping, locks, messages, and what tells how many rows other people's tables have.
  FOR called IN
    SELECT oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace
      AND proname ~ '^(lo_|lowrite$|loread$|pg_sleep|pg_(try_)?advisory_|pg_notify$|pg_stat_get_|pg_export_snapshot$'
        '|pg_logical_emit_message$|pg_terminate_backend$|pg_cancel_backend$|pg_relation_size$|pg_table_size$|pg_total_relation_size$|pg_indexes_size$'
        '|pg_database_size$|pg_tablespace_size$|pg_current_logfile$|pg_get_keywords$)'
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', called);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', called, owner);
  END LOOP;
  SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
  WHERE attrelid = 'pg_catalog.pg_class'::regclass AND attnum > 0 AND NOT attisdropped
    AND attname NOT IN ('reltuples', 'relpages', 'relallvisible', 'relallfrozen');
  REVOKE SELECT ON pg_catalog.pg_class FROM PUBLIC;
  EXECUTE format('GRANT SELECT (%s) ON pg_catalog.pg_class TO PUBLIC', columns);
  EXECUTE format('GRANT SELECT ON pg_catalog.pg_class TO %I', owner);
  -- Temporary tables here; any table at all in the databases that nobody uses.
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO %I', current_database(), owner);
  IF current_database() = 'template1' THEN
    REVOKE CONNECT, TEMPORARY ON DATABASE postgres FROM PUBLIC;
    REVOKE CONNECT ON DATABASE template1 FROM PUBLIC;
    EXECUTE format('GRANT CONNECT ON DATABASE postgres TO %I', owner);
    EXECUTE format('GRANT CONNECT ON DATABASE template1 TO %I', owner);
  END IF;
END
$harden$;
