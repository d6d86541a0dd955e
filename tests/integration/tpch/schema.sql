-- The eight tables of TPC-H for many tenants: six are a tenant's own, nations and regions are everybody's.
-- Keys begin with the tenant, and every tenant counts from 1: a join that forgets one finds another tenant's row.

CREATE TABLE region (r_regionkey int PRIMARY KEY, r_name char(25) NOT NULL, r_comment varchar(152));
CREATE TABLE nation (
  n_nationkey int PRIMARY KEY,
  n_name char(25) NOT NULL,
  n_regionkey int NOT NULL REFERENCES region,
  n_comment varchar(152)
);

CREATE TABLE supplier (
  tenant_id text NOT NULL,
  s_suppkey int NOT NULL,
  s_name char(25) NOT NULL,
  s_address varchar(40) NOT NULL,
  s_nationkey int NOT NULL REFERENCES nation,
  s_phone char(15) NOT NULL,
  s_acctbal numeric(15, 2) NOT NULL,
  s_comment varchar(101) NOT NULL,
  PRIMARY KEY (tenant_id, s_suppkey)
) WITH (autovacuum_enabled = off);

CREATE TABLE part (
  tenant_id text NOT NULL,
  p_partkey int NOT NULL,
  p_name varchar(55) NOT NULL,
  p_mfgr char(25) NOT NULL,
  p_brand char(10) NOT NULL,
  p_type varchar(25) NOT NULL,
  p_size int NOT NULL,
  p_container char(10) NOT NULL,
  p_retailprice numeric(15, 2) NOT NULL,
  p_comment varchar(23) NOT NULL,
  PRIMARY KEY (tenant_id, p_partkey)
) WITH (autovacuum_enabled = off);

CREATE TABLE partsupp (
  tenant_id text NOT NULL,
  ps_partkey int NOT NULL,
  ps_suppkey int NOT NULL,
  ps_availqty int NOT NULL,
  ps_supplycost numeric(15, 2) NOT NULL,
  ps_comment varchar(199) NOT NULL,
  PRIMARY KEY (tenant_id, ps_partkey, ps_suppkey),
  FOREIGN KEY (tenant_id, ps_partkey) REFERENCES part,
  FOREIGN KEY (tenant_id, ps_suppkey) REFERENCES supplier
) WITH (autovacuum_enabled = off);

CREATE TABLE customer (
  tenant_id text NOT NULL,
  c_custkey int NOT NULL,
  c_name varchar(25) NOT NULL,
  c_address varchar(40) NOT NULL,
  c_nationkey int NOT NULL REFERENCES nation,
  c_phone char(15) NOT NULL,
  c_acctbal numeric(15, 2) NOT NULL,
  c_mktsegment char(10) NOT NULL,
  c_comment varchar(117) NOT NULL,
  PRIMARY KEY (tenant_id, c_custkey)
) WITH (autovacuum_enabled = off);

CREATE TABLE orders (
  tenant_id text NOT NULL,
  o_orderkey int NOT NULL,
  o_custkey int NOT NULL,
  o_orderstatus char(1) NOT NULL,
  o_totalprice numeric(15, 2) NOT NULL,
  o_orderdate date NOT NULL,
  o_orderpriority char(15) NOT NULL,
  o_clerk char(15) NOT NULL,
  o_shippriority int NOT NULL,
  o_comment varchar(79) NOT NULL,
  PRIMARY KEY (tenant_id, o_orderkey),
  FOREIGN KEY (tenant_id, o_custkey) REFERENCES customer
) WITH (autovacuum_enabled = off);

CREATE TABLE lineitem (
  tenant_id text NOT NULL,
  l_orderkey int NOT NULL,
  l_partkey int NOT NULL,
  l_suppkey int NOT NULL,
  l_linenumber int NOT NULL,
  l_quantity numeric(15, 2) NOT NULL,
  l_extendedprice numeric(15, 2) NOT NULL,
  l_discount numeric(15, 2) NOT NULL,
  l_tax numeric(15, 2) NOT NULL,
  l_returnflag char(1) NOT NULL,
  l_linestatus char(1) NOT NULL,
  l_shipdate date NOT NULL,
  l_commitdate date NOT NULL,
  l_receiptdate date NOT NULL,
  l_shipinstruct char(25) NOT NULL,
  l_shipmode char(10) NOT NULL,
  l_comment varchar(44) NOT NULL,
  PRIMARY KEY (tenant_id, l_orderkey, l_linenumber),
  FOREIGN KEY (tenant_id, l_orderkey) REFERENCES orders,
  FOREIGN KEY (tenant_id, l_partkey, l_suppkey) REFERENCES partsupp
) WITH (autovacuum_enabled = off);

CREATE INDEX orders_customer ON orders (tenant_id, o_custkey);
CREATE INDEX orders_date ON orders (tenant_id, o_orderdate);
CREATE INDEX lineitem_part ON lineitem (tenant_id, l_partkey, l_suppkey);
CREATE INDEX lineitem_ship ON lineitem (tenant_id, l_shipdate);
CREATE INDEX partsupp_supplier ON partsupp (tenant_id, ps_suppkey);
