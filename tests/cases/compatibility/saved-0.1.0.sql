BEGIN TRANSACTION;
CREATE TABLE compplan_revision (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT compplan_revision_pkc PRIMARY KEY (version_num)
);
INSERT INTO "compplan_revision" VALUES('0001');
CREATE TABLE links (
	id VARCHAR(32) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	version_id VARCHAR(32) NOT NULL, 
	by_id VARCHAR(400) NOT NULL, 
	by_name VARCHAR(200) NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	audience VARCHAR(20) NOT NULL, 
	people BOOLEAN NOT NULL, 
	small_teams BOOLEAN NOT NULL, 
	expires VARCHAR(27), 
	revoked VARCHAR(27), 
	opened INTEGER NOT NULL, 
	last_opened VARCHAR(27), 
	PRIMARY KEY (id), 
	UNIQUE (token_hash), 
	FOREIGN KEY(version_id) REFERENCES versions (id)
);
INSERT INTO "links" VALUES('TTnAw_QtXj63J7SE','cfa7bace578288dce01df1bd7200266d098a53a2bc06258b1a295199a50e6b3f','FLn1yHjYse0m1I8o','local','this computer','2026-01-01T12:00:03.000000Z','anyone',1,1,NULL,NULL,1,'2026-01-01T12:00:03.000000Z');
CREATE TABLE moves (
	id INTEGER NOT NULL, 
	version_id VARCHAR(32) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	by_id VARCHAR(400) NOT NULL, 
	by_name VARCHAR(200) NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	reason VARCHAR(4000) NOT NULL, 
	"on" VARCHAR(10), 
	PRIMARY KEY (id), 
	FOREIGN KEY(version_id) REFERENCES versions (id)
);
CREATE TABLE people (
	snapshot_id VARCHAR(32) NOT NULL, 
	person_id VARCHAR(200) NOT NULL, 
	place INTEGER NOT NULL, 
	"row" TEXT NOT NULL, 
	PRIMARY KEY (snapshot_id, person_id), 
	FOREIGN KEY(snapshot_id) REFERENCES snapshots (id)
);
INSERT INTO "people" VALUES('gASub4u26MVsDGAp','E1',0,'{"base":90000.0,"currency":"USD","id":"E1","role":"csm","variable":20000.0}');
CREATE TABLE scenarios (
	id VARCHAR(32) NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	owner_id VARCHAR(400) NOT NULL, 
	owner_name VARCHAR(200) NOT NULL, 
	made VARCHAR(27) NOT NULL, 
	archived VARCHAR(27), 
	head INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "scenarios" VALUES('g3s_7yKQJ-kKaTMi','CSM, FY26','local','this computer','2026-01-01T12:00:01.000000Z',NULL,2);
CREATE TABLE snapshots (
	id VARCHAR(32) NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	names BOOLEAN NOT NULL, 
	count INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "snapshots" VALUES('gASub4u26MVsDGAp','2026-01-01T12:00:01.000000Z',0,1);
CREATE TABLE tallies (
	name VARCHAR(20) NOT NULL, 
	count INTEGER NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "tallies" VALUES('opened',1);
INSERT INTO "tallies" VALUES('refused',0);
CREATE TABLE trail (
	id INTEGER NOT NULL, 
	event VARCHAR(40) NOT NULL, 
	by_id VARCHAR(400) NOT NULL, 
	by_name VARCHAR(200) NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	scenario_id VARCHAR(32), 
	version INTEGER, 
	link_id VARCHAR(32), 
	detail TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "trail" VALUES(1,'saved','local','this computer','2026-01-01T12:00:01.000000Z','g3s_7yKQJ-kKaTMi',1,NULL,'{}');
INSERT INTO "trail" VALUES(2,'saved','local','this computer','2026-01-01T12:00:02.000000Z','g3s_7yKQJ-kKaTMi',2,NULL,'{}');
INSERT INTO "trail" VALUES(3,'shared','local','this computer','2026-01-01T12:00:03.000000Z','g3s_7yKQJ-kKaTMi',2,'TTnAw_QtXj63J7SE','{"audience":"anyone","expires":null,"people":true,"small_teams":true}');
INSERT INTO "trail" VALUES(4,'opened','local','this computer','2026-01-01T12:00:03.000000Z','g3s_7yKQJ-kKaTMi',2,'TTnAw_QtXj63J7SE','{}');
CREATE TABLE versions (
	id VARCHAR(32) NOT NULL, 
	scenario_id VARCHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	base INTEGER, 
	name VARCHAR(120) NOT NULL, 
	note VARCHAR(4000) NOT NULL, 
	by_id VARCHAR(400) NOT NULL, 
	by_name VARCHAR(200) NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	"plan" TEXT NOT NULL, 
	plan_hash VARCHAR(64) NOT NULL, 
	engine VARCHAR(40) NOT NULL, 
	data VARCHAR(64) NOT NULL, 
	cost TEXT NOT NULL, 
	snapshot_id VARCHAR(32), 
	PRIMARY KEY (id), 
	UNIQUE (scenario_id, number), 
	FOREIGN KEY(scenario_id) REFERENCES scenarios (id), 
	FOREIGN KEY(snapshot_id) REFERENCES snapshots (id)
);
INSERT INTO "versions" VALUES('BYHPoHmHDIR6suyQ','g3s_7yKQJ-kKaTMi',1,NULL,'Version 1','first','local','this computer','2026-01-01T12:00:01.000000Z','{"compplan":1,"name":"KnowUp: CSAT as a gate on upside","role":"csm","segment":"mid_market","currency":"USD","pay":{"base":85000,"variable":20000},"components":[{"measure":"grr","weight":0.5625,"target":0.92,"curve":{"kind":"linear","points":[[0.85,0.5],[0.92,1],[0.97,1.5]]}},{"measure":"expansion_arr","weight":0.4375,"target":240000,"axis":"attainment","curve":{"kind":"tiered","tiers":[[0,1],[1,1.5],[1.2,2]],"cap":2}}],"gates":[{"measure":"csat_top_box","at_least":0.9,"otherwise":{"limit":1}}],"about":{"source":"knowup","note":"KnowUp splits variable pay over gross renewal at the contract anniversary (40–50%), expansion ARR (30–40%) and customer satisfaction (15–25%), which it also calls a quality gate: below the team''s CSAT target the variable amount shrinks. That can be read in three ways. Here CSAT carries no pay: renewal and expansion share all of it (45 and 35 of every 80), and while CSAT is below its target neither pays more than 100%. KnowUp does not say how far pay shrinks; a limit of 0 instead would stop all of it. Pay is the middle of its band for a mid-market CSM (base 75,000–95,000, OTE 90,000–120,000). It gives no targets, no curves and no pay period.","assumed":["pay.base","pay.variable","components[0].weight","components[0].target","components[0].curve","components[1].weight","components[1].target","components[1].curve","gates[0].at_least","gates[0].otherwise.limit"]}}','41d974f80cbc32b500b490b4bade2e1dbc64c235cfd07cb846a5c3c6ab6b263b','0.1.0','b8f5aebc4d80c256aadf0f9b8f8daece254512f36615159624a985fcae623e50','{"benefits_rate":0.2}','gASub4u26MVsDGAp');
INSERT INTO "versions" VALUES('FLn1yHjYse0m1I8o','g3s_7yKQJ-kKaTMi',2,1,'More base','','local','this computer','2026-01-01T12:00:02.000000Z','{"compplan":1,"name":"KnowUp: CSAT as a gate on upside","role":"csm","segment":"mid_market","currency":"USD","pay":{"base":90000,"variable":20000},"components":[{"measure":"grr","weight":0.5625,"target":0.92,"curve":{"kind":"linear","points":[[0.85,0.5],[0.92,1],[0.97,1.5]]}},{"measure":"expansion_arr","weight":0.4375,"target":240000,"axis":"attainment","curve":{"kind":"tiered","tiers":[[0,1],[1,1.5],[1.2,2]],"cap":2}}],"gates":[{"measure":"csat_top_box","at_least":0.9,"otherwise":{"limit":1}}],"about":{"source":"knowup","note":"KnowUp splits variable pay over gross renewal at the contract anniversary (40–50%), expansion ARR (30–40%) and customer satisfaction (15–25%), which it also calls a quality gate: below the team''s CSAT target the variable amount shrinks. That can be read in three ways. Here CSAT carries no pay: renewal and expansion share all of it (45 and 35 of every 80), and while CSAT is below its target neither pays more than 100%. KnowUp does not say how far pay shrinks; a limit of 0 instead would stop all of it. Pay is the middle of its band for a mid-market CSM (base 75,000–95,000, OTE 90,000–120,000). It gives no targets, no curves and no pay period.","assumed":["pay.variable","components[0].weight","components[0].target","components[0].curve","components[1].weight","components[1].target","components[1].curve","gates[0].at_least","gates[0].otherwise.limit"]}}','b70d058a3ef97981201d21f359c650e389e3ed4e820298bbdd11c2b0ae7ab7d3','0.1.0','b8f5aebc4d80c256aadf0f9b8f8daece254512f36615159624a985fcae623e50','{"benefits_rate":0.2}','gASub4u26MVsDGAp');
CREATE INDEX ix_versions_snapshot_id ON versions (snapshot_id);
CREATE INDEX ix_versions_scenario_id ON versions (scenario_id);
CREATE INDEX ix_moves_version_id ON moves (version_id);
CREATE INDEX ix_people_person_id ON people (person_id);
CREATE INDEX ix_links_version_id ON links (version_id);
CREATE INDEX ix_trail_scenario_id ON trail (scenario_id);
CREATE TRIGGER trail_no_update BEFORE UPDATE ON trail  BEGIN SELECT RAISE(ABORT, 'trail are kept as they are'); END;
CREATE TRIGGER trail_no_delete BEFORE DELETE ON trail  BEGIN SELECT RAISE(ABORT, 'trail are kept as they are'); END;
CREATE TRIGGER versions_no_update BEFORE UPDATE ON versions  BEGIN SELECT RAISE(ABORT, 'versions are kept as they are'); END;
CREATE TRIGGER versions_no_delete BEFORE DELETE ON versions WHEN (EXISTS (SELECT 1 FROM moves WHERE moves.version_id = OLD.id AND moves.kind = 'approved')) BEGIN SELECT RAISE(ABORT, 'versions are kept as they are'); END;
CREATE TRIGGER moves_no_update BEFORE UPDATE ON moves  BEGIN SELECT RAISE(ABORT, 'moves are kept as they are'); END;
CREATE TRIGGER moves_no_delete BEFORE DELETE ON moves WHEN (OLD.kind IN ('approved', 'in_force')) BEGIN SELECT RAISE(ABORT, 'moves are kept as they are'); END;
COMMIT;