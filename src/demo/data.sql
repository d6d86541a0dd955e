-- Some thousands of rows for each of the five tenants; the same rows at every run.

SET timezone = 'UTC';

INSERT INTO countries (code, name, vat_rate) VALUES
  ('AT', 'Austria', 20), ('DE', 'Germany', 19), ('DK', 'Denmark', 25), ('ES', 'Spain', 21), ('FR', 'France', 20),
  ('IT', 'Italy', 22), ('NL', 'Netherlands', 21), ('NO', 'Norway', 25), ('PL', 'Poland', 23), ('SE', 'Sweden', 25);

INSERT INTO payment_provider_keys VALUES
  ('cardpay', 'sk_live_demo_4f1c0a', '2026-01-15'), ('banklink', 'bl_demo_9d27e3', '2026-03-02');

-- how large each tenant is: the number of its accounts; everything else follows from it
CREATE TEMPORARY TABLE sizes AS
  SELECT * FROM (VALUES ('acme', 160, 1), ('birch', 90, 2), ('cobalt', 120, 3), ('delta', 70, 4), ('ember', 110, 5))
    AS sizes (tenant_id, accounts, seed);

INSERT INTO accounts (tenant_id, name, email, country_code, notes, created_at)
SELECT tenant_id,
       (ARRAY['Alder', 'Brook', 'Cedar', 'Dune', 'Elm', 'Fern', 'Grove', 'Heath', 'Iris', 'Juniper', 'Kestrel'])[1 + (i * 7 + seed) % 11]
         || ' ' || (ARRAY['Analytics', 'Bakery', 'Clinic', 'Design', 'Energy', 'Foods', 'Garage'])[1 + (i * 3 + seed) % 7]
         || ' ' || i,
       'office' || i || '@' || tenant_id || '-customer.example',
       (ARRAY['AT', 'DE', 'DK', 'ES', 'FR', 'IT', 'NL', 'NO', 'PL', 'SE'])[1 + (i * 13 + seed) % 10],
       CASE WHEN i % 5 = 0 THEN 'confidential to ' || tenant_id || ': pays ' || (i * 37 + seed * 11) % 90 || ' days late' END,
       timestamptz '2026-01-01 08:00+00' + ((i * 17 + seed) % 200) * interval '1 day'
FROM sizes CROSS JOIN generate_series(1, accounts) AS i
ORDER BY i, tenant_id;

INSERT INTO projects (tenant_id, account_id, name, status, budget, created_at)
SELECT a.tenant_id, a.id,
       (ARRAY['Website', 'Relocation', 'Audit', 'Campaign', 'Migration', 'Training'])[1 + (a.id * 5 + n) % 6] || ' ' || a.id || '.' || n,
       (ARRAY['planned', 'running', 'running', 'finished'])[1 + (a.id + n) % 4],
       ((a.id * 733 + n * 191) % 400) * 100,
       a.created_at + n * interval '9 days'
FROM accounts AS a CROSS JOIN generate_series(1, 2) AS n
ORDER BY a.id, n;

INSERT INTO tasks (tenant_id, project_id, title, status, priority, due_on, tags, created_at)
SELECT p.tenant_id, p.id,
       (ARRAY['Call', 'Draft', 'Review', 'Order', 'Test', 'Ship', 'Document'])[1 + (p.id * 3 + n) % 7]
         || ' ' || (ARRAY['contract', 'prototype', 'report', 'parts', 'invoice', 'workshop'])[1 + (p.id + n * 5) % 6],
       (ARRAY['open', 'doing', 'done', 'done', 'done'])[1 + (p.id * 7 + n) % 5],
       1 + (p.id + n) % 5,
       CASE WHEN n % 4 <> 0 THEN (p.created_at + ((p.id + n * 11) % 90) * interval '1 day')::date END,
       CASE WHEN n % 3 = 0 THEN ARRAY['urgent'] WHEN n % 3 = 1 THEN ARRAY['customer', 'phone'] ELSE '{}' END,
       p.created_at + n * interval '1 day'
FROM projects AS p CROSS JOIN generate_series(1, 8) AS n
ORDER BY p.id, n;

INSERT INTO comments (tenant_id, task_id, author, body, created_at)
SELECT t.tenant_id, t.id,
       (ARRAY['Ada', 'Ben', 'Chloe', 'Dario', 'Elif'])[1 + t.id % 5],
       CASE t.id % 4 WHEN 0 THEN 'Waiting for the customer.' WHEN 1 THEN 'Done on my side.'
                     WHEN 2 THEN 'Only for ' || t.tenant_id || ': do not share.' ELSE 'Please check again.' END,
       t.created_at + interval '3 hours'
FROM tasks AS t
WHERE t.id % 3 <> 0
ORDER BY t.id;

INSERT INTO invoices (tenant_id, account_id, number, status, issued_on)
SELECT a.tenant_id, a.id,
       upper(left(a.tenant_id, 2)) || '-' || to_char(a.id, 'FM00000') || '-' || n,
       (ARRAY['paid', 'paid', 'sent', 'draft'])[1 + (a.id * 3 + n) % 4],
       (a.created_at + n * interval '30 days')::date
FROM accounts AS a CROSS JOIN generate_series(1, 5) AS n
ORDER BY a.id, n;

INSERT INTO invoice_lines (tenant_id, invoice_id, line, description, quantity, unit_price)
SELECT i.tenant_id, i.id, n,
       (ARRAY['Consulting', 'Licence', 'Travel', 'Support'])[1 + (i.id + n) % 4],
       1 + (i.id * n) % 9,
       25 + ((i.id * 97 + n * 41) % 200) * 5
FROM invoices AS i CROSS JOIN LATERAL generate_series(1, 1 + (i.id % 4)::int) AS n
ORDER BY i.id, n;

DROP TABLE sizes;
ANALYZE;
