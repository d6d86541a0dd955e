SELECT abalance FROM accounts WHERE {tenant_id = 'acme' AND} aid = 42;
