//! Limits are numbers: one place for all of them. `docs/limits.md` shows the same table and a test holds them equal.

/// Longest title of an item, in characters.
pub const TITLE: usize = 250;
/// Longest rich text (a message, a description), in bytes of HTML.
pub const RICH_TEXT: usize = 256 * 1024;
/// Longest name of a person, team, organization, status…, in characters.
pub const NAME: usize = 120;
/// Longest e-mail address, in bytes (RFC 5321).
pub const EMAIL: usize = 254;
/// Longest other one-line text (job title, phone …), in characters.
pub const LINE: usize = 200;
/// Longest internal note about a customer or an organization, in characters.
pub const NOTES: usize = 10_000;
/// Shortest password, in characters.
pub const PASSWORD_MIN: usize = 10;
/// Longest password, in characters.
pub const PASSWORD_MAX: usize = 128;
/// Longest slug of a customer app, in characters.
pub const SLUG: usize = 40;
/// Longest text that a portal says in one language, in characters.
pub const PORTAL_TEXT: usize = 1_000;
/// Most customer apps.
pub const APPS: usize = 100;
/// Most types that a portal names in one rule.
pub const TYPES: usize = 200;
/// Most tags of one item.
pub const TAGS: usize = 50;
/// Longest tag, in characters.
pub const TAG: usize = 60;
/// Most assignees (agents and teams each) of one item.
pub const ASSIGNEES: usize = 20;
/// Most followers of one item.
pub const FOLLOWERS: usize = 100;
/// Most carbon-copy recipients of one reply, and most addresses that a note is forwarded to.
pub const RECIPIENTS: usize = 50;
/// Most e-mail addresses of one customer.
pub const ADDRESSES: usize = 10;
/// Most domains of one organization.
pub const DOMAINS: usize = 50;
/// Most bytes of one uploaded file.
pub const FILE: u64 = 25 * 1024 * 1024;
/// Most files of one message.
pub const FILES: usize = 20;
/// Most bytes of a request that is not an upload.
pub const BODY: usize = 1024 * 1024;
/// Most bytes of a CSV file for import.
pub const IMPORT: u64 = 200 * 1024 * 1024;
/// Most rows of a page of any list.
pub const PAGE: u16 = 200;
/// Longest beginning of a message that a list shows, in characters.
pub const EXCERPT: usize = 200;
/// Most changes in one request.
pub const CHANGES: usize = 30;
/// Longest search text, in characters.
pub const SEARCH: usize = 200;
/// Most things of a kind that the search box and the palette name.
pub const FOUND: usize = 5;
/// Deepest nesting of a filter.
pub const FILTER_DEPTH: usize = 8;
/// Most leaves of a filter.
pub const FILTER_LEAVES: usize = 100;
/// Most values of one set in a filter.
pub const FILTER_SET: usize = 1_000;
/// Most bytes of a filter that is written as text.
pub const FILTER_TEXT: usize = 64 * 1024;
/// Deepest nesting of views that name views in their filters.
pub const FILTER_VIEWS: usize = 8;
/// Most leaves of a filter together with the views that it names.
pub const FILTER_EXPANDED: usize = 400;
/// Most words of one message or description that full-text search knows.
pub const SEARCH_WORDS: usize = 16_000;
/// Longest word that full-text search tells from others, in bytes.
pub const SEARCH_WORD: usize = 40;
/// Most groups of a list that are told at once.
pub const GROUPS: usize = 500;
/// Most levels of groups.
pub const GROUP_LEVELS: usize = 5;
/// Most sums and averages that are told of groups.
pub const MEASURES: usize = 3;
/// Days of a calendar that are asked for at once: six weeks.
pub const CALENDAR_DAYS: u16 = 42;
/// Rows of a calendar that are asked for at once, of all days together.
pub const CALENDAR_ROWS: u16 = 1_000;
/// Most columns of a table.
pub const COLUMNS: usize = 40;
/// Most cards of a dashboard.
pub const CARDS: usize = 24;
/// Most columns of a board that have a limit.
pub const COLUMN_LIMITS: usize = 100;
/// Highest limit of a column of a board.
pub const COLUMN_LIMIT: u16 = 999;
/// Most views that one agent has made.
pub const VIEWS: i64 = 500;
/// Most views beside which a person is told counts.
pub const VIEWS_COUNTED: usize = 60;
/// Counts beside views stop here; more is shown as "999+".
pub const VIEW_COUNT: i64 = 1_000;
/// Most items that a bulk change names one by one.
pub const BULK_NUMBERS: usize = 10_000;
/// Most items of a bulk change that is not left to the background at once.
pub const BULK_AT_ONCE: i64 = 500;
/// Most refused items of a bulk change that are told at once.
pub const BULK_REFUSALS: i64 = 200;
/// Most bulk changes that one agent begins in an hour.
pub const BULKS_AGENT: i64 = 600;
/// Most bulk changes of one agent that are under way at once.
pub const BULKS_UNDER_WAY: i64 = 10;
/// Most tickets of a list that is exported as a spreadsheet (XLSX); as CSV there is no limit.
pub const EXPORT_XLSX: i64 = 100_000;
/// Most failed sign-ins of one account in 15 minutes.
pub const SIGN_INS_ACCOUNT: i64 = 10;
/// Most failed sign-ins from one network address in 15 minutes.
pub const SIGN_INS_ADDRESS: i64 = 50;
/// Most codes mailed to one e-mail address in an hour.
pub const CODES_ACCOUNT: i64 = 5;
/// Most codes asked for from one network address in an hour.
pub const CODES_ADDRESS: i64 = 30;
/// Most registrations from one network address in an hour.
pub const REGISTRATIONS_ADDRESS: i64 = 20;
/// Most requests that one customer makes in an hour.
pub const REQUESTS_CUSTOMER: i64 = 30;
/// Most replies that one customer writes in an hour.
pub const REPLIES_CUSTOMER: i64 = 120;
/// Most files that one customer uploads in an hour.
pub const UPLOADS_CUSTOMER: i64 = 120;
/// Most other changes of one customer in an hour: solved, opened again, following, their own data.
pub const CHANGES_CUSTOMER: i64 = 300;
/// Most refused forms whose texts are kept for one customer or network address in an hour.
pub const FORMS_KEPT: i64 = 60;
/// Most tickets, replies and notes that one agent writes in an hour.
pub const WRITES_AGENT: i64 = 1_200;
/// Most files that one agent uploads in an hour.
pub const UPLOADS_AGENT: i64 = 600;
/// Longest time, in seconds, that a reply waits before it is sent, so that it can be taken back.
pub const UNDO_SEND: u8 = 30;
/// Most live streams that one session has open at one server (a stream a tab that is seen).
pub const STREAMS: usize = 12;
/// Most items that are merged at once, and most that lie in one item.
pub const MERGED: usize = 50;
/// Most links of one item to others.
pub const LINKS: usize = 100;
/// Days for which a merge can be taken back.
pub const UNMERGE_DAYS: i64 = 30;
/// Days for which an item that was deleted can be restored; then it is gone.
pub const DELETED_DAYS: i64 = 30;
/// Most days that an item can be snoozed.
pub const SNOOZE_DAYS: i64 = 366;
/// Most browser tabs in which one agent has tickets open at once, as others are shown it.
pub const TABS_AGENT: i64 = 30;
/// How often the tabs of one agent say in an hour which ticket is open and what is written there.
pub const PRESENCE_AGENT: i64 = 7_200;
/// Most tries of one mailed code.
pub const CODE_TRIES: i64 = 5;
/// Most files that one person has uploaded and not used yet.
pub const UPLOADS_UNUSED: i64 = 100;
/// Seconds after which a request is answered that it took too long; what it does goes on to its end.
pub const REQUEST_SECONDS: u64 = 30;
/// The same for an upload over a slow line.
pub const UPLOAD_SECONDS: u64 = 15 * 60;
/// Seconds after which PostgreSQL gives up a statement, waiting for locks included.
pub const STATEMENT_SECONDS: u64 = 7;
/// Seconds that requests under way get when the server is told to stop.
pub const STOP_SECONDS: u64 = 20;
/// Seconds after which a stream says again that it is there.
pub const STREAM_HEARTBEAT_SECONDS: u64 = 10;
/// Seconds after which a stream asks anew what its reader may see.
pub const STREAM_RIGHTS_SECONDS: u64 = 4;
/// Seconds after which a reader who takes nothing is let go.
pub const STREAM_PATIENCE_SECONDS: u64 = 20;
/// Entries of the log after which a reader who was away is told to load everything again.
pub const STREAM_AWAY: i64 = 2_000;
