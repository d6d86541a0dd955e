-- What the sample builds on.
CREATE TABLE colours (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO colours VALUES (1, 'red'), (2, 'green'), (3, 'blue');
