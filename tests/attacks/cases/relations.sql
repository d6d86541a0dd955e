-- an undeclared table
SELECT * FROM secrets;

-- an undeclared table in a subquery that is never evaluated fails all the same
SELECT code, (SELECT max(note) FROM secrets) FROM countries;

-- an undeclared view
SELECT * FROM secret_view;

-- a view with a constant for a tenant column
SELECT * FROM stamped_view;

-- a view that lost the tenant column
SELECT * FROM loose_view;

-- a view that aggregates over tenants
SELECT * FROM task_totals;

-- a view over a tenant relation
SELECT * FROM open_tasks;

-- a materialized view
SELECT * FROM task_archive;

-- a partitioned table
SELECT * FROM events;

-- a partition by name
SELECT * FROM events_2024;

-- the default partition by name
SELECT kind FROM events_rest WHERE tenant_id <> '7';

-- a parent by inheritance
SELECT * FROM assets;

-- the parent alone
SELECT * FROM ONLY assets;

-- a child by inheritance
SELECT * FROM vehicles;

-- an integer tenant column of another name
SELECT * FROM meters;

-- an integer tenant column, compared with the text
SELECT label FROM meters WHERE org::text = '8';

-- a child without the column
SELECT * FROM lines;

-- a child without the column, joined with its parent
SELECT l.label, i.state FROM lines l LEFT JOIN invoices i ON i.id = l.invoice_id;

-- a child without the column, aggregated
SELECT invoice_id, count(*) FROM lines GROUP BY 1;

-- another schema with copies
SELECT * FROM pristine.accounts;

