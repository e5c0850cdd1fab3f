-- Views of what lies outside of ordinary lists, behind those that there are.
INSERT INTO saved_view (system_key, name, scope, filter, settings, position, created_at)
    SELECT new.system_key, '', 'everyone', '', '{}', last.position + new.place * 4294967296, 0
    FROM (SELECT MAX(position) AS position FROM saved_view) AS last,
        (SELECT 'snoozed' AS system_key, 1 AS place UNION ALL SELECT 'spam', 2 UNION ALL SELECT 'deleted', 3) AS new;
