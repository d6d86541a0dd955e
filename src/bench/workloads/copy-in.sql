COPY imports ({tenant_id,} iid, payload) FROM STDIN;
