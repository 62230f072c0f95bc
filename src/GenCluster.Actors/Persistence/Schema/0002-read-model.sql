-- What people ask for, made from the journal alone. It can be emptied at any time: it is then made again.
CREATE TABLE gencluster_feed (
  name     TEXT   NOT NULL PRIMARY KEY,
  ordering BIGINT NOT NULL -- of the last event of the journal that is in these tables
);
INSERT INTO gencluster_feed (name, ordering) VALUES ('read-model', 0);

CREATE TABLE gencluster_coordinators (
  epoch      BIGINT NOT NULL PRIMARY KEY,
  started_at BIGINT -- all times are milliseconds since 1970, UTC
);

CREATE TABLE gencluster_sweeps (
  sweep         TEXT NOT NULL PRIMARY KEY,
  registered_at BIGINT,
  submitted_at  BIGINT,
  ended_at      BIGINT,
  phase         TEXT,
  halt_reason   TEXT, -- not null: it is halted, and will be what phase says
  model         TEXT,
  dataset       TEXT,
  algorithm     TEXT,
  metric        TEXT,
  goal          TEXT,
  steps         BIGINT,
  max_trials    BIGINT,
  searched      TEXT, -- JSON: path of each searched hyperparameter, its distribution in words
  version       BIGINT, -- of the specification; each change of a running sweep is one more
  end_reason    TEXT    -- why it ends, or ended, before all was done
);

CREATE TABLE gencluster_sweep_history (
  sweep    TEXT   NOT NULL,
  ordering BIGINT NOT NULL,
  at       BIGINT,
  what     TEXT,
  message  TEXT,
  PRIMARY KEY (sweep, ordering)
);

CREATE TABLE gencluster_trials (
  sweep          TEXT   NOT NULL,
  trial          BIGINT NOT NULL,
  proposed_at    BIGINT,
  ended_at       BIGINT,
  phase          TEXT, -- Pending also while it waits at a milestone or for a person
  assignment     TEXT, -- JSON: path, value
  epoch          BIGINT,
  objective      DOUBLE PRECISION,
  untrained      DOUBLE PRECISION,
  steps          BIGINT,
  weights_sha256 TEXT,
  failure        TEXT,
  message        TEXT,
  until          BIGINT, -- the milestone that it trains to
  waits_at       BIGINT, -- the milestone that it waits at
  held           BIGINT, -- 1: a person lets it wait
  parent         BIGINT, -- whose checkpoint it began from
  replaces       BIGINT, -- in whose place it is
  ruling         TEXT,   -- JSON: why it was stopped, with the numbers that decided it
  device_seconds DOUBLE PRECISION,
  PRIMARY KEY (sweep, trial)
);

CREATE TABLE gencluster_gangs (
  sweep       TEXT   NOT NULL,
  trial       BIGINT NOT NULL,
  epoch       BIGINT NOT NULL,
  attempt     BIGINT, -- 1: a gang was placed; 0: the one before goes on, changed
  members     TEXT,   -- JSON: names, in the order of their shards
  began_at    BIGINT,
  reason      TEXT,   -- why it changed to this one
  ended_at    BIGINT,
  cause       TEXT,   -- what ended it
  end_message TEXT,
  PRIMARY KEY (sweep, trial, epoch)
);

CREATE TABLE gencluster_reports (
  sweep       TEXT   NOT NULL,
  trial       BIGINT NOT NULL,
  step        BIGINT NOT NULL,
  metric      TEXT   NOT NULL,
  value       DOUBLE PRECISION, -- null: not a number
  epoch       BIGINT,
  reported_at BIGINT,
  PRIMARY KEY (sweep, trial, step, metric)
);

CREATE TABLE gencluster_checkpoints (
  sweep        TEXT   NOT NULL,
  trial        BIGINT NOT NULL,
  step         BIGINT NOT NULL,
  epoch        BIGINT,
  committed_at BIGINT,
  blobs        TEXT, -- JSON: name, sha256, length
  bytes        BIGINT,
  numerics     TEXT,
  PRIMARY KEY (sweep, trial, step)
);
