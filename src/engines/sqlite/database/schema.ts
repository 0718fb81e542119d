/**
 * The schema as numbered steps: a file with `user_version` n has seen the first n. A step that has been released never
 * changes; what comes later is another step.
 */
export const migrations: readonly string[] = [
  `
  -- A channel's log, and its head. \`entries\` and \`size\` (payload bytes) count what it holds, \`published…\` the part of publications.
  -- \`publishedAt\`: of the last publication, where the channel has no run. \`list\`: the transcript whose first segments its first entry refers to. An id is never used again: removed entries go later.
  CREATE TABLE log (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, channel TEXT NOT NULL,
    epoch TEXT NOT NULL, last INTEGER NOT NULL, tag TEXT NOT NULL, facts INTEGER NOT NULL, factTag TEXT NOT NULL,
    isClosed INTEGER NOT NULL, isRemoved INTEGER NOT NULL, entries INTEGER NOT NULL, size INTEGER NOT NULL,
    publishedEntries INTEGER NOT NULL, publishedSize INTEGER NOT NULL, publishedAt INTEGER,
    list INTEGER, listLength INTEGER, listMessages INTEGER, bytes INTEGER NOT NULL,
    UNIQUE (account, channel)) STRICT;
  CREATE INDEX logByList ON log (list) WHERE list IS NOT NULL;
  CREATE INDEX logByPublication ON log (publishedAt) WHERE publishedAt IS NOT NULL;
  CREATE TABLE entry (
    log INTEGER NOT NULL, offset INTEGER NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL, tag TEXT NOT NULL,
    at INTEGER NOT NULL, isFact INTEGER NOT NULL, PRIMARY KEY (log, offset)) STRICT, WITHOUT ROWID;
  CREATE INDEX fact ON entry (log, offset) WHERE isFact = 1;
  -- Logs whose entries are to be deleted.
  CREATE TABLE garbage (log INTEGER PRIMARY KEY) STRICT;

  -- What a conversation has said, once for all of its dispatches: see engines/transcript.ts.
  CREATE TABLE list (
    id INTEGER PRIMARY KEY, account TEXT NOT NULL, root TEXT NOT NULL, bytes INTEGER NOT NULL,
    UNIQUE (account, root)) STRICT;
  CREATE TABLE segment (
    list INTEGER NOT NULL, place INTEGER NOT NULL, origin TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (list, place)) STRICT;

  -- A run's control record, under the id of its log.
  CREATE TABLE run (
    id INTEGER PRIMARY KEY, account TEXT NOT NULL, channel TEXT NOT NULL, status TEXT NOT NULL, wake INTEGER NOT NULL,
    attempts INTEGER NOT NULL, claim TEXT, seq INTEGER NOT NULL, lost INTEGER NOT NULL, open TEXT NOT NULL,
    cancelled TEXT, digest TEXT NOT NULL, model TEXT NOT NULL, botId TEXT, contactId TEXT, notBefore INTEGER,
    createdAt INTEGER NOT NULL, startedAt INTEGER, finishedAt INTEGER, outcome TEXT NOT NULL, usage TEXT NOT NULL,
    isListed INTEGER NOT NULL, hasLog INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT;
  CREATE INDEX runByCreation ON run (account, createdAt, channel) WHERE isListed = 1;
  CREATE INDEX unfinished ON run (id) WHERE finishedAt IS NULL;
  CREATE INDEX endedWithLog ON run (finishedAt) WHERE finishedAt IS NOT NULL AND hasLog = 1;
  CREATE INDEX endedWithLogOf ON run (account, finishedAt) WHERE finishedAt IS NOT NULL AND hasLog = 1;
  CREATE INDEX endedRecord ON run (finishedAt) WHERE finishedAt IS NOT NULL AND hasLog = 0;
  CREATE INDEX endedRecordOf ON run (account, finishedAt) WHERE finishedAt IS NOT NULL AND hasLog = 0;
  CREATE TABLE request (run INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
  -- Calls that can be answered, and the digests of the answers that came.
  CREATE TABLE pending (
    run INTEGER NOT NULL, call TEXT NOT NULL, json TEXT NOT NULL, answer TEXT, PRIMARY KEY (run, call)) STRICT;
  CREATE TABLE file (run INTEGER NOT NULL, id TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (run, id)) STRICT;
  CREATE TABLE due (
    account TEXT NOT NULL, channel TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (account, channel)) STRICT, WITHOUT ROWID;
  CREATE INDEX dueByTime ON due (at);

  -- Result channels: calls that wait, the longest waiting first; messages, assigned to a waiter or early.
  CREATE TABLE waiter (
    account TEXT NOT NULL, channel TEXT NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL, since INTEGER NOT NULL,
    PRIMARY KEY (account, channel, place)) STRICT, WITHOUT ROWID;
  CREATE TABLE message (
    account TEXT NOT NULL, channel TEXT NOT NULL, place INTEGER NOT NULL, waiter TEXT, at INTEGER NOT NULL,
    text TEXT NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (account, channel, place)) STRICT;

  CREATE INDEX messageByAge ON message (at);
  CREATE INDEX waiterByAge ON waiter (since);

  -- Resources, oldest first by id. \`fields\` and \`meta\` are JSON. \`recordBytes\`: of all texts and metas.
  CREATE TABLE item (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, kind TEXT NOT NULL, resource TEXT NOT NULL,
    handle TEXT, fields TEXT NOT NULL, createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL,
    records INTEGER NOT NULL, lastRecord INTEGER NOT NULL, recordBytes INTEGER NOT NULL, bytes INTEGER NOT NULL,
    UNIQUE (account, kind, resource), UNIQUE (account, kind, handle)) STRICT;
  CREATE INDEX itemByAge ON item (account, kind, id);
  CREATE TABLE record (
    item INTEGER NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL, text TEXT NOT NULL, meta TEXT NOT NULL,
    PRIMARY KEY (item, place), UNIQUE (item, id)) STRICT;

  -- What each account has stored: the sum of all \`bytes\`, kept by triggers, so no writer can forget it.
  CREATE TABLE account (account TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  ${['log', 'run', 'list', 'message', 'item'].map(countedIn).join('')}
  `,
  `
  -- A run's place in the line of its conversation. \`isHeld\`: its turn has not come.
  ALTER TABLE run ADD COLUMN conversation TEXT;
  ALTER TABLE run ADD COLUMN ticket TEXT;
  ALTER TABLE run ADD COLUMN isHeld INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX runByConversation ON run (account, conversation) WHERE conversation IS NOT NULL;

  -- A conversation; its line; the dispatches that have been in it. \`list\`: its transcript, of which the first segments count.
  -- \`emptySince\`: null while the line has a place.
  CREATE TABLE line (
    id INTEGER PRIMARY KEY, account TEXT NOT NULL, conversation TEXT NOT NULL, contactId TEXT, createdAt INTEGER NOT NULL,
    updatedAt INTEGER NOT NULL, isClosed INTEGER NOT NULL DEFAULT 0, emptySince INTEGER, list INTEGER, listLength INTEGER, listMessages INTEGER,
    bytes INTEGER NOT NULL, UNIQUE (account, conversation)) STRICT;
  CREATE INDEX lineByChange ON line (account, updatedAt, conversation);
  CREATE INDEX lineByList ON line (list) WHERE list IS NOT NULL;
  CREATE INDEX emptyLine ON line (emptySince) WHERE emptySince IS NOT NULL;
  CREATE TABLE linePlace (
    id INTEGER PRIMARY KEY AUTOINCREMENT, line INTEGER NOT NULL, channel TEXT NOT NULL, ticket TEXT NOT NULL,
    joinedAt INTEGER NOT NULL, wish TEXT, upTo TEXT, isShared INTEGER NOT NULL, UNIQUE (line, channel)) STRICT;
  CREATE TABLE lineMember (
    line INTEGER NOT NULL, channel TEXT NOT NULL, createdAt INTEGER NOT NULL, PRIMARY KEY (line, channel)) STRICT, WITHOUT ROWID;
  CREATE INDEX lineMemberByAge ON lineMember (line, createdAt, channel);
  CREATE TABLE lineDue (
    account TEXT NOT NULL, channel TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (account, channel)) STRICT, WITHOUT ROWID;
  CREATE INDEX lineDueByTime ON lineDue (at);
  ${countedIn('line')}
  `,
  `
  -- An account's endpoints; what they are to be told, once for all of them; and for each what became of it: see webhooks/delivery.ts.
  -- \`dueAt\`: when a delivery is sent next, or its lease is over; null: never.
  ALTER TABLE run ADD COLUMN webhookId TEXT;
  ALTER TABLE run ADD COLUMN meta TEXT;
  CREATE TABLE webhook (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, webhook TEXT NOT NULL, json TEXT NOT NULL, bytes INTEGER NOT NULL,
    UNIQUE (account, webhook)) STRICT;
  CREATE TABLE notice (
    id INTEGER PRIMARY KEY, account TEXT NOT NULL, channel TEXT NOT NULL, notice TEXT NOT NULL, json TEXT NOT NULL,
    createdAt INTEGER NOT NULL, bytes INTEGER NOT NULL, UNIQUE (account, channel, notice)) STRICT;
  CREATE INDEX noticeByAge ON notice (createdAt);
  CREATE TABLE delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, channel TEXT NOT NULL, notice TEXT NOT NULL, webhook TEXT NOT NULL,
    json TEXT NOT NULL, createdAt INTEGER NOT NULL, dueAt INTEGER, bytes INTEGER NOT NULL,
    UNIQUE (account, channel, notice, webhook)) STRICT;
  CREATE INDEX deliveryByAge ON delivery (createdAt);
  CREATE INDEX deliveryOf ON delivery (account, webhook, createdAt, id);
  CREATE INDEX deliveryDue ON delivery (account, webhook, dueAt) WHERE dueAt IS NOT NULL;
  ${['webhook', 'notice', 'delivery'].map(countedIn).join('')}
  `,
  `
  -- Among the account's queued runs.
  ALTER TABLE run ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- Messages that were handed to a run: how many, and of how many of them its model has been told.
  ALTER TABLE run ADD COLUMN added INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE run ADD COLUMN heard INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- What has paused a run, and the tag of the last raise of its limits.
  ALTER TABLE run ADD COLUMN isPriced INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE run ADD COLUMN paused TEXT;
  ALTER TABLE run ADD COLUMN raised TEXT;
  -- What each account has used since midnight, UTC. \`day\`: since 1970.
  CREATE TABLE usedToday (
    account TEXT PRIMARY KEY, day INTEGER NOT NULL, tokens INTEGER NOT NULL, cost TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- Since when a run has been in its state; of one that is queued, since when it could begin.
  ALTER TABLE run ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
  UPDATE run SET since = createdAt;
  CREATE INDEX standing ON run (account, status, isHeld, paused IS NULL, since, finishedAt) WHERE finishedAt IS NULL;
  -- What each account has used in a minute since 1970, and how many of its runs have failed, by code, as JSON. An hour of it is kept.
  CREATE TABLE recent (
    account TEXT NOT NULL, minute INTEGER NOT NULL, tokens INTEGER NOT NULL, cost TEXT NOT NULL, failed TEXT NOT NULL,
    PRIMARY KEY (account, minute)) STRICT, WITHOUT ROWID;
  CREATE INDEX recentByAge ON recent (minute);
  `,
  `
  -- The tags of all raises are beside the answers.
  ALTER TABLE run DROP COLUMN raised;
  `,
  `
  -- The runs of all accounts that are parked: paused, or waiting for answers.
  CREATE INDEX parked ON run (paused IS NULL) WHERE status = 'waiting' AND isHeld = 0 AND finishedAt IS NULL;
  `,
]

function countedIn(table: string): string {
  const add = (account: string, bytes: string) =>
    `INSERT INTO account VALUES (${account}, ${bytes}) ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes;`
  return `
  CREATE TRIGGER ${table}Added AFTER INSERT ON ${table} WHEN new.bytes <> 0
    BEGIN ${add('new.account', 'new.bytes')} END;
  CREATE TRIGGER ${table}Changed AFTER UPDATE OF bytes ON ${table} WHEN new.bytes <> old.bytes
    BEGIN ${add('new.account', 'new.bytes - old.bytes')} END;
  CREATE TRIGGER ${table}Removed AFTER DELETE ON ${table} WHEN old.bytes <> 0
    BEGIN ${add('old.account', '-old.bytes')} END;`
}
