CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS members (
  id INTEGER PRIMARY KEY, username TEXT NOT NULL, lower_name TEXT NOT NULL UNIQUE, name TEXT NOT NULL DEFAULT '',
  email TEXT NOT NULL, trust_level INTEGER NOT NULL DEFAULT 1, admin INTEGER NOT NULL DEFAULT 0,
  moderator INTEGER NOT NULL DEFAULT 0, locale TEXT, created_at TEXT NOT NULL, last_posted_at TEXT, last_seen_at TEXT,
  active INTEGER NOT NULL DEFAULT 1, approved INTEGER NOT NULL DEFAULT 1, staged INTEGER NOT NULL DEFAULT 0,
  suspended_till TEXT, suspend_reason TEXT, silenced_till TEXT, bio TEXT, location TEXT, title TEXT, intro TEXT);
CREATE TABLE IF NOT EXISTS groups (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, full_name TEXT, automatic INTEGER NOT NULL DEFAULT 0,
  visibility_level INTEGER NOT NULL DEFAULT 0, members_visibility_level INTEGER NOT NULL DEFAULT 0,
  messageable_level INTEGER NOT NULL DEFAULT 0, mentionable_level INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS group_members (
  id INTEGER PRIMARY KEY AUTOINCREMENT, group_id INTEGER NOT NULL, user_id INTEGER NOT NULL, added_at TEXT NOT NULL,
  UNIQUE (group_id, user_id));
CREATE INDEX IF NOT EXISTS group_members_user ON group_members (user_id);
CREATE TABLE IF NOT EXISTS categories (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, slug TEXT NOT NULL, color TEXT NOT NULL, text_color TEXT NOT NULL,
  position INTEGER NOT NULL, description TEXT, parent_id INTEGER, read_restricted INTEGER NOT NULL DEFAULT 0,
  permissions TEXT NOT NULL DEFAULT '{"everyone": 1}', topic_template TEXT);
CREATE TABLE IF NOT EXISTS topics (
  id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, slug TEXT NOT NULL, category_id INTEGER,
  user_id INTEGER, archetype TEXT NOT NULL DEFAULT 'regular', created_at TEXT NOT NULL, bumped_at TEXT NOT NULL,
  last_posted_at TEXT, last_post_user_id INTEGER, posts_count INTEGER NOT NULL DEFAULT 0, reply_count INTEGER NOT NULL DEFAULT 0,
  like_count INTEGER NOT NULL DEFAULT 0, word_count INTEGER NOT NULL DEFAULT 0, highest_post_number INTEGER NOT NULL DEFAULT 0,
  visible INTEGER NOT NULL DEFAULT 1, closed INTEGER NOT NULL DEFAULT 0, archived INTEGER NOT NULL DEFAULT 0,
  pinned_at TEXT, deleted_at TEXT, deleted_by_id INTEGER, views INTEGER NOT NULL DEFAULT 0,
  external_id TEXT UNIQUE, tags TEXT NOT NULL DEFAULT '[]');
CREATE INDEX IF NOT EXISTS topics_bumped ON topics (bumped_at);
CREATE INDEX IF NOT EXISTS topics_created ON topics (created_at);
CREATE TABLE IF NOT EXISTS topic_members (topic_id INTEGER NOT NULL, user_id INTEGER NOT NULL, PRIMARY KEY (topic_id, user_id));
CREATE TABLE IF NOT EXISTS topic_groups (topic_id INTEGER NOT NULL, group_id INTEGER NOT NULL, PRIMARY KEY (topic_id, group_id));
CREATE TABLE IF NOT EXISTS posts (
  id INTEGER PRIMARY KEY AUTOINCREMENT, topic_id INTEGER NOT NULL, post_number INTEGER NOT NULL, user_id INTEGER,
  post_type INTEGER NOT NULL DEFAULT 1, action_code TEXT, raw TEXT NOT NULL, cooked TEXT NOT NULL,
  reply_to_post_number INTEGER, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 1,
  hidden INTEGER NOT NULL DEFAULT 0, deleted_at TEXT, deleted_by_id INTEGER, user_deleted INTEGER NOT NULL DEFAULT 0,
  user_deleted_at TEXT, kept_raw TEXT, edit_reason TEXT, reply_count INTEGER NOT NULL DEFAULT 0, quote_count INTEGER NOT NULL DEFAULT 0,
  like_count INTEGER NOT NULL DEFAULT 0, reads INTEGER NOT NULL DEFAULT 0, wiki INTEGER NOT NULL DEFAULT 0,
  accepted INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS posts_topic ON posts (topic_id, post_number);
CREATE INDEX IF NOT EXISTS posts_author ON posts (user_id, created_at);
CREATE TABLE IF NOT EXISTS edits (id INTEGER PRIMARY KEY AUTOINCREMENT, post_id INTEGER NOT NULL, user_id INTEGER NOT NULL, at TEXT NOT NULL, raw_before TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS likes (post_id INTEGER NOT NULL, user_id INTEGER NOT NULL, at TEXT NOT NULL, PRIMARY KEY (post_id, user_id));
CREATE INDEX IF NOT EXISTS likes_user ON likes (user_id);
CREATE TABLE IF NOT EXISTS flags (
  id INTEGER PRIMARY KEY AUTOINCREMENT, reviewable_id INTEGER NOT NULL, post_id INTEGER NOT NULL, user_id INTEGER NOT NULL,
  kind INTEGER NOT NULL, message TEXT, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reviewables (id INTEGER PRIMARY KEY AUTOINCREMENT, post_id INTEGER, created_by_id INTEGER NOT NULL, status INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL, draft TEXT);
CREATE TABLE IF NOT EXISTS notifications (
  id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, notification_type INTEGER NOT NULL, read INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL, topic_id INTEGER, post_number INTEGER, post_id INTEGER, acting_username TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS uploads (
  id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, filename TEXT NOT NULL, extension TEXT NOT NULL,
  sha1 TEXT NOT NULL UNIQUE, data BLOB NOT NULL, width INTEGER, height INTEGER, created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS api_keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key_hash TEXT NOT NULL UNIQUE, truncated_key TEXT NOT NULL, description TEXT NOT NULL,
  user_id INTEGER, scopes TEXT NOT NULL DEFAULT '[]', created_at TEXT NOT NULL, last_used_at TEXT, revoked_at TEXT);
CREATE TABLE IF NOT EXISTS sessions (token TEXT PRIMARY KEY, user_id INTEGER NOT NULL, created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS web_hooks (
  id INTEGER PRIMARY KEY AUTOINCREMENT, payload_url TEXT NOT NULL, secret TEXT NOT NULL DEFAULT '', event_types TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1, last_delivery_status INTEGER NOT NULL DEFAULT 1, created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS hook_jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, web_hook_id INTEGER NOT NULL, event_name TEXT NOT NULL, event_type TEXT NOT NULL,
  body BLOB NOT NULL, retry_count INTEGER NOT NULL DEFAULT 0, due_at TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting');
CREATE INDEX IF NOT EXISTS hook_jobs_state ON hook_jobs (state, due_at);
CREATE TABLE IF NOT EXISTS hook_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT, web_hook_id INTEGER NOT NULL, job_id INTEGER, event_name TEXT NOT NULL, headers TEXT NOT NULL, payload BLOB NOT NULL,
  status INTEGER NOT NULL, response_body TEXT NOT NULL DEFAULT '', duration REAL NOT NULL DEFAULT 0, created_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS posts_withdrawn ON posts (user_deleted_at) WHERE user_deleted = 1 AND deleted_at IS NULL;
