BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'library','catalogue','2026-11-26 00:18:48.302399+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'library','index','2026-11-26 00:18:48.303426+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'library','hubness','2026-11-26 00:18:48.303909+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'library','switching','2026-11-26 00:18:48.304348+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'library','causes_and_presence','2026-11-26 08:50:29.613013+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'library','counts','2026-11-26 10:25:33.173714+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'library','picture_areas','2026-11-26 13:05:39.678044+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'library','origins','2026-11-26 16:46:52.968519+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'library','lines','2026-11-26 16:46:52.969985+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'library','kept','2026-11-26 19:52:30.056827+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'library','hidden','2026-11-27 04:04:45.443994+00:00');
CREATE TABLE banks (
            model TEXT PRIMARY KEY,
            bank TEXT NOT NULL,
            width INTEGER NOT NULL,
            vectors BLOB NOT NULL
        );
CREATE TABLE clips (
            video_id INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            start REAL NOT NULL,
            "end" REAL NOT NULL,
            PRIMARY KEY (video_id, number)
        ) WITHOUT ROWID;
INSERT INTO "clips" VALUES(2,0,0.0,2.0);
INSERT INTO "clips" VALUES(3,0,0.0,2.0);
INSERT INTO "clips" VALUES(5,0,0.0,2.0);
CREATE TABLE collections (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        folded TEXT NOT NULL UNIQUE,
        made REAL NOT NULL
    );
INSERT INTO "collections" VALUES(1,'Holidays','holidays',1.79572275015804338452e+09);
CREATE TABLE descriptions (
            video_id INTEGER PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
            title TEXT NOT NULL,
            description TEXT NOT NULL,
            keywords TEXT NOT NULL
        );
CREATE TABLE embeddings (
            video_id INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
            model TEXT NOT NULL,
            width INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            vectors BLOB NOT NULL,
            UNIQUE (model, video_id)
        );
INSERT INTO "embeddings" VALUES(2,'tiny-1',4,1,X'0D322FB89CB6E2C0333F943C35B5313A80346EB8D23BF8B4');
INSERT INTO "embeddings" VALUES(3,'tiny-1',4,2,X'15401DC1B1368BB83EB7E6B20AC06CB3ECBAA5423A33A4B5');
INSERT INTO "embeddings" VALUES(5,'tiny-1',4,3,X'6ABA4CBDF3B3BA368B3C052F6CB847BAFD398A3E5D34EFBC');
CREATE TABLE facts (
            video_id INTEGER PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
            container TEXT NOT NULL,
            codec TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            rotation INTEGER NOT NULL,
            duration REAL NOT NULL,
            frame_rate REAL,
            created TEXT,
            has_audio INTEGER NOT NULL,
            size INTEGER NOT NULL
        );
INSERT INTO "facts" VALUES(2,'mp4','h264',320,240,0,3.0,10.0,NULL,0,22);
INSERT INTO "facts" VALUES(3,'mp4','h264',320,240,0,3.0,10.0,NULL,0,21);
INSERT INTO "facts" VALUES(5,'mp4','h264',320,240,0,3.0,10.0,NULL,0,20);
CREATE TABLE folder_counts (
            folder_id INTEGER PRIMARY KEY REFERENCES folders (id) ON DELETE CASCADE,
            videos INTEGER NOT NULL DEFAULT 0, indexed INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, pending INTEGER NOT NULL DEFAULT 0, microseconds INTEGER NOT NULL DEFAULT 0, failed_retried INTEGER NOT NULL DEFAULT 0, partial INTEGER NOT NULL DEFAULT 0, partial_retried INTEGER NOT NULL DEFAULT 0
        );
INSERT INTO "folder_counts" VALUES(1,4,2,0,2,6000000,0,1,1);
CREATE TABLE folders (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            path BLOB NOT NULL UNIQUE,
            volume_id INTEGER NOT NULL REFERENCES volumes (id),
            online INTEGER NOT NULL DEFAULT 1
        );
INSERT INTO "folders" VALUES(1,X'2F6D6F76696573',1,1);
CREATE TABLE frames (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            video_id INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
            time REAL NOT NULL,
            key INTEGER NOT NULL,
            clip INTEGER NOT NULL
        );
INSERT INTO "frames" VALUES(1,2,0.0,1,0);
INSERT INTO "frames" VALUES(2,2,1.0,0,0);
INSERT INTO "frames" VALUES(3,2,2.0,0,0);
INSERT INTO "frames" VALUES(4,3,0.0,1,0);
INSERT INTO "frames" VALUES(5,3,1.0,0,0);
INSERT INTO "frames" VALUES(6,3,2.0,0,0);
INSERT INTO "frames" VALUES(7,5,0.0,1,0);
INSERT INTO "frames" VALUES(8,5,1.0,0,0);
INSERT INTO "frames" VALUES(9,5,2.0,0,0);
CREATE TABLE hubness (
            model TEXT NOT NULL,
            video_id INTEGER NOT NULL,
            bank TEXT NOT NULL,
            levels BLOB NOT NULL,
            peaks BLOB NOT NULL,
            places BLOB NOT NULL,
            PRIMARY KEY (model, video_id),
            FOREIGN KEY (model, video_id) REFERENCES embeddings (model, video_id) ON DELETE CASCADE
        );
CREATE TABLE kept_contents (
        fingerprint TEXT PRIMARY KEY,
        path BLOB NOT NULL,
        size INTEGER NOT NULL,
        duration REAL
    );
INSERT INTO "kept_contents" VALUES('fff5c17d40268bb48c48eaaf8202225a97933bb2eb0c160f5d76c64c7c44ac09',X'2F6D6F766965732F77686F6C652E6D7034',20,3.0);
PRAGMA writable_schema=ON;
INSERT INTO sqlite_master(type,name,tbl_name,rootpage,sql)VALUES('table','line_index','line_index',0,'CREATE VIRTUAL TABLE line_index USING fts5(
            name, subtitle, speech, writing, content=''line_words'', content_rowid=''id'', columnsize=0, prefix=''2 3'',
            tokenize="unicode61 remove_diacritics 2 categories ''L* N* M* Co''"
        )');
CREATE TABLE 'line_index_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO "line_index_config" VALUES('version',4);
CREATE TABLE 'line_index_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO "line_index_data" VALUES(1,X'0000000000');
INSERT INTO "line_index_data" VALUES(10,X'00000000000000');
CREATE TABLE 'line_index_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
CREATE TABLE line_states (
            video_id INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
            source TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('done', 'failed')),
            reader TEXT NOT NULL,
            beside TEXT NOT NULL DEFAULT '',
            cause TEXT CHECK (cause IN ('file', 'environment', 'program')),
            reason TEXT NOT NULL DEFAULT '',
            advice TEXT NOT NULL DEFAULT '',
            attempts INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (video_id, source)
        ) WITHOUT ROWID;
CREATE TABLE line_terms (term TEXT PRIMARY KEY);
CREATE TABLE lines (
            id INTEGER PRIMARY KEY,
            video_id INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
            source TEXT NOT NULL,
            start REAL NOT NULL,
            "end" REAL NOT NULL,
            text TEXT NOT NULL,
            words TEXT,
            language TEXT NOT NULL,
            word_times BLOB NOT NULL
        );
CREATE TABLE "marks" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        fingerprint TEXT NOT NULL,
        start REAL,
        "end" REAL,
        kind TEXT NOT NULL CHECK (kind IN ('favourite', 'tag', 'note', 'collection', 'hidden')),
        value TEXT NOT NULL,
        folded TEXT NOT NULL,
        made REAL NOT NULL
    );
INSERT INTO "marks" VALUES(1,'fff5c17d40268bb48c48eaaf8202225a97933bb2eb0c160f5d76c64c7c44ac09',NULL,NULL,'favourite','','',1.79572275014771318441e+09);
INSERT INTO "marks" VALUES(2,'fff5c17d40268bb48c48eaaf8202225a97933bb2eb0c160f5d76c64c7c44ac09',NULL,NULL,'collection','Holidays','holidays',1.79572275015804338452e+09);
INSERT INTO "marks" VALUES(3,'fff5c17d40268bb48c48eaaf8202225a97933bb2eb0c160f5d76c64c7c44ac09',NULL,NULL,'hidden','','',1.79575228581280636787e+09);
CREATE TABLE origins (
            video_id INTEGER PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
            camera TEXT NOT NULL,
            camera_words TEXT NOT NULL,
            latitude REAL,
            longitude REAL,
            place TEXT,
            place_words TEXT NOT NULL
        );
CREATE TABLE past_searches (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        query TEXT NOT NULL UNIQUE,
        times INTEGER NOT NULL,
        searched REAL NOT NULL
    );
CREATE TABLE picture_areas (
            video_id INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
            clip INTEGER NOT NULL,
            "left" REAL NOT NULL,
            top REAL NOT NULL,
            "right" REAL NOT NULL,
            bottom REAL NOT NULL,
            PRIMARY KEY (video_id, clip)
        ) WITHOUT ROWID;
CREATE TABLE renamed (video_id INTEGER PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE);
INSERT INTO "renamed" VALUES(1);
INSERT INTO "renamed" VALUES(2);
INSERT INTO "renamed" VALUES(3);
INSERT INTO "renamed" VALUES(4);
INSERT INTO "renamed" VALUES(5);
CREATE TABLE revision (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL);
INSERT INTO "revision" VALUES(1,3);
CREATE TABLE sampled (
            video_id INTEGER PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
            max_rate REAL NOT NULL
        );
CREATE TABLE saved_searches (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        folded TEXT NOT NULL UNIQUE,
        query TEXT NOT NULL,
        made REAL NOT NULL,
        seen INTEGER NOT NULL
    );
CREATE TABLE seen_contents (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        fingerprint TEXT NOT NULL UNIQUE
    );
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "settings" VALUES('settings','{"version": 1, "rescan_every": 1e-06, "max_rate": 100000000.0}');
CREATE TABLE thumbnails (
            frame_id INTEGER PRIMARY KEY REFERENCES frames (id) ON DELETE CASCADE,
            image BLOB NOT NULL
        );
INSERT INTO "thumbnails" VALUES(1,X'77656270');
INSERT INTO "thumbnails" VALUES(2,X'77656270');
INSERT INTO "thumbnails" VALUES(3,X'77656270');
INSERT INTO "thumbnails" VALUES(4,X'77656270');
INSERT INTO "thumbnails" VALUES(5,X'77656270');
INSERT INTO "thumbnails" VALUES(6,X'77656270');
INSERT INTO "thumbnails" VALUES(7,X'77656270');
INSERT INTO "thumbnails" VALUES(8,X'77656270');
INSERT INTO "thumbnails" VALUES(9,X'77656270');
CREATE TABLE unreachable (
            folder_id INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
            path BLOB NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (folder_id, path)
        ) WITHOUT ROWID;
CREATE TABLE uses (
            video_id INTEGER PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
            opened INTEGER NOT NULL,
            last INTEGER NOT NULL
        );
CREATE TABLE videos (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            folder_id INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
            path BLOB NOT NULL UNIQUE,
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            fingerprint TEXT,
            state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'indexed', 'failed')),
            reason TEXT NOT NULL DEFAULT '',
            advice TEXT NOT NULL DEFAULT ''
        , presence TEXT NOT NULL DEFAULT 'here'
            CHECK (presence IN ('here', 'gone', 'away', 'unreachable')), gone_at REAL, cause TEXT
            CHECK (cause IN ('file', 'environment', 'program')), attempts INTEGER NOT NULL DEFAULT 0, read_until REAL, copy_of INTEGER REFERENCES videos (id) ON DELETE SET NULL, volume_id INTEGER REFERENCES volumes (id));
INSERT INTO "videos" VALUES(1,1,X'2F6D6F766965732F64616D616765642E6D7034',22,1795652328294553315,NULL,'pending','','','here',NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "videos" VALUES(2,1,X'2F6D6F766965732F64656C657465642E6D7034',22,1795652328294912095,'d73c3ec6f9c35b8c75fc9af2e4ef33bb581f9db0c27a4f3aaa0313c9e90c0210','indexed','','','gone',1795683029.0,NULL,0,NULL,NULL,NULL);
INSERT INTO "videos" VALUES(3,1,X'2F6D6F766965732F706172746C792E6D7034',21,1795652328294159320,'888c06f47d47cad1f22e6eb52171f0fa347bdb0fbbd8e3ed33a6d1bce42eb28a','indexed','The last part of the video is damaged: only the first 3 s could be read.','','here',NULL,'environment',0,NULL,NULL,NULL);
INSERT INTO "videos" VALUES(4,1,X'2F6D6F766965732F77616974696E672E6D7034',22,1795652328295328652,NULL,'pending','','','here',NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "videos" VALUES(5,1,X'2F6D6F766965732F77686F6C652E6D7034',20,1795652328293702638,'fff5c17d40268bb48c48eaaf8202225a97933bb2eb0c160f5d76c64c7c44ac09','indexed','','','here',NULL,NULL,0,NULL,NULL,NULL);
CREATE TABLE volumes (
            id INTEGER PRIMARY KEY,
            identity TEXT NOT NULL UNIQUE,
            mount BLOB NOT NULL
        );
INSERT INTO "volumes" VALUES(1,'mount:ext4:/dev/sda1:/',X'2F');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX videos_by_folder ON videos (folder_id, state);
CREATE INDEX videos_by_size ON videos (size);
CREATE INDEX frames_by_video ON frames (video_id);
CREATE INDEX embeddings_by_revision ON embeddings (model, revision, video_id);
CREATE INDEX embeddings_by_video ON embeddings (video_id);
CREATE INDEX videos_by_fingerprint ON videos (fingerprint);
CREATE INDEX videos_by_copy ON videos (copy_of);
CREATE TRIGGER count_new_folder AFTER INSERT ON folders BEGIN
            INSERT OR REPLACE INTO folder_counts (folder_id) VALUES (NEW.id);
        END;
CREATE TRIGGER count_new_video AFTER INSERT ON videos BEGIN UPDATE folder_counts SET videos = videos + (1), indexed = indexed + (NEW.state = 'indexed'), failed = failed + (NEW.state = 'failed'), pending = pending + (NEW.state = 'pending'), microseconds = microseconds + (CASE WHEN NEW.state = 'indexed' THEN coalesce((
        SELECT CAST(round(1e6 * duration) AS INTEGER) FROM facts
        WHERE video_id = coalesce(NEW.copy_of, NEW.id)), 0) ELSE 0 END), failed_retried = failed_retried + (NEW.state = 'failed' AND coalesce(NEW.cause IN ('environment', 'program'), 0)), partial = partial + (NEW.state = 'indexed' AND NEW.reason <> ''), partial_retried = partial_retried + (NEW.state = 'indexed' AND NEW.reason <> '' AND coalesce(NEW.cause IN ('environment', 'program'), 0)) WHERE folder_id = NEW.folder_id AND NEW.presence <> 'gone'; END;
CREATE TRIGGER count_deleted_video BEFORE DELETE ON videos BEGIN UPDATE folder_counts SET videos = videos - (1), indexed = indexed - (OLD.state = 'indexed'), failed = failed - (OLD.state = 'failed'), pending = pending - (OLD.state = 'pending'), microseconds = microseconds - (CASE WHEN OLD.state = 'indexed' THEN coalesce((
        SELECT CAST(round(1e6 * duration) AS INTEGER) FROM facts
        WHERE video_id = coalesce(OLD.copy_of, OLD.id)), 0) ELSE 0 END), failed_retried = failed_retried - (OLD.state = 'failed' AND coalesce(OLD.cause IN ('environment', 'program'), 0)), partial = partial - (OLD.state = 'indexed' AND OLD.reason <> ''), partial_retried = partial_retried - (OLD.state = 'indexed' AND OLD.reason <> '' AND coalesce(OLD.cause IN ('environment', 'program'), 0)) WHERE folder_id = OLD.folder_id AND OLD.presence <> 'gone'; END;
CREATE TRIGGER count_changed_video AFTER UPDATE OF folder_id, state, presence, reason, cause, copy_of ON videos
            WHEN OLD.folder_id IS NOT NEW.folder_id OR OLD.state IS NOT NEW.state OR OLD.presence IS NOT NEW.presence OR OLD.reason IS NOT NEW.reason OR OLD.cause IS NOT NEW.cause OR OLD.copy_of IS NOT NEW.copy_of BEGIN UPDATE folder_counts SET videos = videos - (1), indexed = indexed - (OLD.state = 'indexed'), failed = failed - (OLD.state = 'failed'), pending = pending - (OLD.state = 'pending'), microseconds = microseconds - (CASE WHEN OLD.state = 'indexed' THEN coalesce((
        SELECT CAST(round(1e6 * duration) AS INTEGER) FROM facts
        WHERE video_id = coalesce(OLD.copy_of, OLD.id)), 0) ELSE 0 END), failed_retried = failed_retried - (OLD.state = 'failed' AND coalesce(OLD.cause IN ('environment', 'program'), 0)), partial = partial - (OLD.state = 'indexed' AND OLD.reason <> ''), partial_retried = partial_retried - (OLD.state = 'indexed' AND OLD.reason <> '' AND coalesce(OLD.cause IN ('environment', 'program'), 0)) WHERE folder_id = OLD.folder_id AND OLD.presence <> 'gone'; UPDATE folder_counts SET videos = videos + (1), indexed = indexed + (NEW.state = 'indexed'), failed = failed + (NEW.state = 'failed'), pending = pending + (NEW.state = 'pending'), microseconds = microseconds + (CASE WHEN NEW.state = 'indexed' THEN coalesce((
        SELECT CAST(round(1e6 * duration) AS INTEGER) FROM facts
        WHERE video_id = coalesce(NEW.copy_of, NEW.id)), 0) ELSE 0 END), failed_retried = failed_retried + (NEW.state = 'failed' AND coalesce(NEW.cause IN ('environment', 'program'), 0)), partial = partial + (NEW.state = 'indexed' AND NEW.reason <> ''), partial_retried = partial_retried + (NEW.state = 'indexed' AND NEW.reason <> '' AND coalesce(NEW.cause IN ('environment', 'program'), 0)) WHERE folder_id = NEW.folder_id AND NEW.presence <> 'gone'; END;
CREATE TRIGGER count_new_length AFTER INSERT ON facts BEGIN UPDATE folder_counts SET microseconds = microseconds +
        coalesce(CAST(round(1e6 * NEW.duration) AS INTEGER), 0) * (
            SELECT count(*) FROM (SELECT folder_id, state, presence FROM videos WHERE id = NEW.video_id AND copy_of IS NULL
        UNION ALL SELECT folder_id, state, presence FROM videos WHERE copy_of = NEW.video_id) AS file
            WHERE file.folder_id = folder_counts.folder_id AND state = 'indexed' AND presence <> 'gone')
        WHERE folder_id IN (SELECT folder_id FROM (SELECT folder_id, state, presence FROM videos WHERE id = NEW.video_id AND copy_of IS NULL
        UNION ALL SELECT folder_id, state, presence FROM videos WHERE copy_of = NEW.video_id)); END;
CREATE TRIGGER count_deleted_length AFTER DELETE ON facts BEGIN UPDATE folder_counts SET microseconds = microseconds -
        coalesce(CAST(round(1e6 * OLD.duration) AS INTEGER), 0) * (
            SELECT count(*) FROM (SELECT folder_id, state, presence FROM videos WHERE id = OLD.video_id AND copy_of IS NULL
        UNION ALL SELECT folder_id, state, presence FROM videos WHERE copy_of = OLD.video_id) AS file
            WHERE file.folder_id = folder_counts.folder_id AND state = 'indexed' AND presence <> 'gone')
        WHERE folder_id IN (SELECT folder_id FROM (SELECT folder_id, state, presence FROM videos WHERE id = OLD.video_id AND copy_of IS NULL
        UNION ALL SELECT folder_id, state, presence FROM videos WHERE copy_of = OLD.video_id)); END;
CREATE TRIGGER count_changed_length AFTER UPDATE OF duration ON facts
            BEGIN UPDATE folder_counts SET microseconds = microseconds -
        coalesce(CAST(round(1e6 * OLD.duration) AS INTEGER), 0) * (
            SELECT count(*) FROM (SELECT folder_id, state, presence FROM videos WHERE id = OLD.video_id AND copy_of IS NULL
        UNION ALL SELECT folder_id, state, presence FROM videos WHERE copy_of = OLD.video_id) AS file
            WHERE file.folder_id = folder_counts.folder_id AND state = 'indexed' AND presence <> 'gone')
        WHERE folder_id IN (SELECT folder_id FROM (SELECT folder_id, state, presence FROM videos WHERE id = OLD.video_id AND copy_of IS NULL
        UNION ALL SELECT folder_id, state, presence FROM videos WHERE copy_of = OLD.video_id)); UPDATE folder_counts SET microseconds = microseconds +
        coalesce(CAST(round(1e6 * NEW.duration) AS INTEGER), 0) * (
            SELECT count(*) FROM (SELECT folder_id, state, presence FROM videos WHERE id = NEW.video_id AND copy_of IS NULL
        UNION ALL SELECT folder_id, state, presence FROM videos WHERE copy_of = NEW.video_id) AS file
            WHERE file.folder_id = folder_counts.folder_id AND state = 'indexed' AND presence <> 'gone')
        WHERE folder_id IN (SELECT folder_id FROM (SELECT folder_id, state, presence FROM videos WHERE id = NEW.video_id AND copy_of IS NULL
        UNION ALL SELECT folder_id, state, presence FROM videos WHERE copy_of = NEW.video_id)); END;
CREATE INDEX lines_by_video ON lines (video_id, source, start);
CREATE VIEW line_words AS SELECT id, CASE WHEN source = 'name' THEN coalesce(words, text) END AS name, CASE WHEN source = 'subtitle' THEN coalesce(words, text) END AS subtitle, CASE WHEN source = 'speech' THEN coalesce(words, text) END AS speech, CASE WHEN source = 'writing' THEN coalesce(words, text) END AS writing FROM lines;
CREATE TRIGGER index_new_line AFTER INSERT ON lines BEGIN INSERT INTO line_index (rowid, name, subtitle, speech, writing) SELECT NEW.id, CASE WHEN NEW.source = 'name' THEN coalesce(NEW.words, NEW.text) END AS name, CASE WHEN NEW.source = 'subtitle' THEN coalesce(NEW.words, NEW.text) END AS subtitle, CASE WHEN NEW.source = 'speech' THEN coalesce(NEW.words, NEW.text) END AS speech, CASE WHEN NEW.source = 'writing' THEN coalesce(NEW.words, NEW.text) END AS writing; END;
CREATE TRIGGER index_deleted_line AFTER DELETE ON lines BEGIN INSERT INTO line_index (line_index, rowid, name, subtitle, speech, writing) SELECT 'delete', OLD.id, CASE WHEN OLD.source = 'name' THEN coalesce(OLD.words, OLD.text) END AS name, CASE WHEN OLD.source = 'subtitle' THEN coalesce(OLD.words, OLD.text) END AS subtitle, CASE WHEN OLD.source = 'speech' THEN coalesce(OLD.words, OLD.text) END AS speech, CASE WHEN OLD.source = 'writing' THEN coalesce(OLD.words, OLD.text) END AS writing; END;
CREATE TRIGGER index_changed_line AFTER UPDATE OF source, text, words ON lines
            BEGIN INSERT INTO line_index (line_index, rowid, name, subtitle, speech, writing) SELECT 'delete', OLD.id, CASE WHEN OLD.source = 'name' THEN coalesce(OLD.words, OLD.text) END AS name, CASE WHEN OLD.source = 'subtitle' THEN coalesce(OLD.words, OLD.text) END AS subtitle, CASE WHEN OLD.source = 'speech' THEN coalesce(OLD.words, OLD.text) END AS speech, CASE WHEN OLD.source = 'writing' THEN coalesce(OLD.words, OLD.text) END AS writing; INSERT INTO line_index (rowid, name, subtitle, speech, writing) SELECT NEW.id, CASE WHEN NEW.source = 'name' THEN coalesce(NEW.words, NEW.text) END AS name, CASE WHEN NEW.source = 'subtitle' THEN coalesce(NEW.words, NEW.text) END AS subtitle, CASE WHEN NEW.source = 'speech' THEN coalesce(NEW.words, NEW.text) END AS speech, CASE WHEN NEW.source = 'writing' THEN coalesce(NEW.words, NEW.text) END AS writing; END;
CREATE TRIGGER name_new_video AFTER INSERT ON videos BEGIN
            INSERT OR IGNORE INTO renamed (video_id) VALUES (NEW.id);
        END;
CREATE TRIGGER name_moved_video AFTER UPDATE OF path, folder_id, copy_of ON videos
            WHEN NEW.folder_id <> 0 AND (OLD.path IS NOT NEW.path OR OLD.folder_id IS NOT NEW.folder_id
                OR OLD.copy_of IS NOT NEW.copy_of) BEGIN
            INSERT OR IGNORE INTO renamed (video_id) VALUES (NEW.id);
        END;
CREATE INDEX past_searches_by_time ON past_searches (searched);
CREATE UNIQUE INDEX marks_once
        ON marks (fingerprint, coalesce(start, -1), coalesce("end", -1), kind, folded);
CREATE INDEX marks_by_name ON marks (kind, folded, fingerprint);
PRAGMA writable_schema=OFF;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('folders',1);
INSERT INTO "sqlite_sequence" VALUES('videos',5);
INSERT INTO "sqlite_sequence" VALUES('frames',9);
INSERT INTO "sqlite_sequence" VALUES('collections',1);
INSERT INTO "sqlite_sequence" VALUES('marks',3);
COMMIT;
