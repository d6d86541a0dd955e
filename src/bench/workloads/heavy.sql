SELECT bid, sum(abalance) AS total FROM accounts {WHERE tenant_id = 'globex'} GROUP BY bid ORDER BY total DESC LIMIT 10;
