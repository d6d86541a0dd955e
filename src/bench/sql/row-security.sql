-- What people write who leave the tenant to row-level security: a policy on a setting, and a default from it.

ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE branches ENABLE ROW LEVEL SECURITY;
ALTER TABLE tellers ENABLE ROW LEVEL SECURITY;
ALTER TABLE history ENABLE ROW LEVEL SECURITY;
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE imports ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON accounts USING (tenant_id = current_setting('app.tenant'));
CREATE POLICY tenant ON branches USING (tenant_id = current_setting('app.tenant'));
CREATE POLICY tenant ON tellers USING (tenant_id = current_setting('app.tenant'));
CREATE POLICY tenant ON history USING (tenant_id = current_setting('app.tenant'));
CREATE POLICY tenant ON events USING (tenant_id = current_setting('app.tenant'));
CREATE POLICY tenant ON imports USING (tenant_id = current_setting('app.tenant'));

ALTER TABLE history ALTER COLUMN tenant_id SET DEFAULT current_setting('app.tenant');
