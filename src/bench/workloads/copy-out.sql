COPY (SELECT eid, happened_at, payload FROM events {WHERE tenant_id = 'acme'}) TO STDOUT;
