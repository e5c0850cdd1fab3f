//! Administration: who may, owners, teams, the workspace, outgoing mail.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{
    TestDesk, both_databases,
    letters::{browser, links},
};
use domain::{
    ErrorCode,
    actor::Actor,
    agent::{AgentPatch, AgentState, NewAgent, Role, TicketAccess},
    file::Attachment,
    id::AgentId,
    mail::MailState,
    page::PageQuery,
    patch::Patch,
    service::{Accounts, Admin, Files},
    session::Realm,
    workspace::WorkspacePatch,
};
use server::{
    args,
    db::Sql,
    files::FileStore,
    mail::{NewMail, enqueue},
    service::{admin::AdminService, files::FilesService},
};

fn admin(desk: &TestDesk) -> AdminService {
    AdminService::new(desk.db.clone(), links(), false)
}

fn id(actor: &Actor) -> AgentId {
    actor.agent().unwrap().id
}

fn role(role: Role) -> AgentPatch {
    AgentPatch { role: Patch::Set(role), ..Default::default() }
}

fn disabled(disabled: bool) -> AgentPatch {
    AgentPatch { disabled: Patch::Set(disabled), ..Default::default() }
}

fn new_agent(name: &str, role: Role) -> NewAgent {
    NewAgent { name: name.into(), email: format!("{name}@acme.com"), role, access: TicketAccess::All, teams: vec![] }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_administer() {
    both_databases(async |desk| {
        let (owner, agent, light) = (desk.owner().await, desk.agent("Ana").await, desk.light_agent().await);
        let marisa = desk.customer("Marisa").await;
        let admin = admin(&desk);
        let team = admin.create_team(&owner, "Support", vec![]).await.unwrap();
        let sql = "SELECT COUNT(*) FROM event";
        let before = desk.number(Sql::new(sql, args![])).await;
        for (actor, code) in [
            (&agent, ErrorCode::Forbidden),
            (&light, ErrorCode::Forbidden),
            (&marisa, ErrorCode::Forbidden),
            (&Actor::Anonymous, ErrorCode::Unauthenticated),
        ] {
            let refused = [
                admin.agents(actor).await.err(),
                admin.invite_agent(actor, new_agent("eve", Role::Owner)).await.err(),
                admin.invite_agent_again(actor, id(&owner)).await.err(),
                admin.change_agent(actor, id(&agent), role(Role::Owner)).await.err(),
                admin.create_team(actor, "Mine", vec![]).await.err(),
                admin.change_team(actor, team.id, "Mine", vec![]).await.err(),
                admin.delete_team(actor, team.id).await.err(),
                admin
                    .change_workspace(actor, WorkspacePatch { name: Patch::Set("Mine".into()), ..Default::default() })
                    .await
                    .err(),
                admin.mails(actor, None, PageQuery::default()).await.err(),
                admin.mail(actor, domain::id::MailId(1)).await.err(),
                admin.retry_mail(actor, domain::id::MailId(1)).await.err(),
            ];
            assert!(refused.iter().all(|error| error.as_ref().is_some_and(|error| error.code == code)), "{actor:?} {refused:?}");
        }
        assert!(admin.workspace(&light).await.is_ok());
        assert!(admin.workspace(&marisa).await.is_err());
        assert_eq!(desk.number(Sql::new(sql, args![])).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_owners_touch_owners() {
    both_databases(async |desk| {
        let (owner, adam) = (desk.owner().await, desk.administrator().await);
        let ana = desk.agent("Ana").await;
        let admin = admin(&desk);
        let invited = admin.invite_agent(&owner, new_agent("otto", Role::Owner)).await.unwrap();
        for error in [
            admin.invite_agent(&adam, new_agent("eve", Role::Owner)).await.err(),
            admin.invite_agent_again(&adam, invited.id).await.err(),
            admin.change_agent(&adam, id(&owner), disabled(true)).await.err(),
            admin.change_agent(&adam, id(&owner), role(Role::Light)).await.err(),
            admin.change_agent(&adam, id(&ana), role(Role::Owner)).await.err(),
            admin.change_agent(&adam, id(&adam), role(Role::Owner)).await.err(),
        ] {
            assert_eq!(error.unwrap().key, "error_owners_only");
        }
        admin.change_agent(&adam, id(&ana), role(Role::Administrator)).await.unwrap();
        admin.change_agent(&owner, id(&ana), role(Role::Owner)).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_owner_stays() {
    both_databases(async |desk| {
        let owner = desk.owner().await;
        let admin = admin(&desk);
        // An owner who has not accepted yet does not count.
        admin.invite_agent(&owner, new_agent("otto", Role::Owner)).await.unwrap();
        let sql = "SELECT COUNT(*) FROM agent WHERE name = 'otto' AND time_zone = ''";
        assert_eq!(desk.number(Sql::new(sql, args![])).await, 1, "who is invited reads the times of their browser");
        for patch in [role(Role::Administrator), disabled(true)] {
            assert_eq!(admin.change_agent(&owner, id(&owner), patch).await.unwrap_err().key, "error_last_owner");
        }
        // Two owners unmake each other at the same moment: one of them stays.
        let other = desk.agent("Olaf").with_role(Role::Owner).await;
        let (a, b) = tokio::join!(
            admin.change_agent(&owner, id(&other), role(Role::Agent)),
            admin.change_agent(&other, id(&owner), role(Role::Agent))
        );
        assert_eq!(u8::from(a.is_ok()) + u8::from(b.is_ok()), 1, "{a:?} {b:?}");
        let sql = "SELECT COUNT(*) FROM agent WHERE role = 'owner' AND state = 'active'";
        assert_eq!(desk.number(Sql::new(sql, args![])).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_role_or_access_counts_at_once() {
    both_databases(async |desk| {
        let owner = desk.owner().await;
        desk.agent("Ana").await;
        desk.set_password("agent", "ana@desk.test", "a long walk in the hills").await;
        let (accounts, admin) = (desk.accounts(), admin(&desk));
        let sign_in = async || {
            let session = accounts.sign_in(Realm::Agent, &browser(), "ana@desk.test", "a long walk in the hills").await.unwrap();
            (accounts.actor(Realm::Agent, &session.token).await.unwrap(), session.token)
        };
        let (ana, _) = sign_in().await;
        let ana = id(&ana);
        for patch in
            [role(Role::Light), AgentPatch { access: Patch::Set(TicketAccess::Teams), ..Default::default() }, disabled(true)]
        {
            let (_, token) = sign_in().await;
            admin.change_agent(&owner, ana, patch).await.unwrap();
            assert_eq!(accounts.actor(Realm::Agent, &token).await.unwrap(), Actor::Anonymous);
        }
        accounts.sign_in(Realm::Agent, &browser(), "ana@desk.test", "a long walk in the hills").await.unwrap_err();
        assert_eq!(admin.change_agent(&owner, ana, disabled(false)).await.unwrap().state, AgentState::Active);
        // A name or team does not end anything.
        let (_, token) = sign_in().await;
        let team = admin.create_team(&owner, "Support", vec![]).await.unwrap();
        let patch = AgentPatch { name: Patch::Set("Ana B.".into()), teams: Patch::Set(vec![team.id]), ..Default::default() };
        assert_eq!(admin.change_agent(&owner, ana, patch).await.unwrap().teams, [team.id]);
        assert_eq!(accounts.actor(Realm::Agent, &token).await.unwrap().agent().unwrap().teams, [team.id]);
        let events: Vec<(String, String)> = desk
            .rows(Sql::new(
                "SELECT name, field FROM event WHERE subject_kind = 'agent' AND actor_id = $1 ORDER BY seq",
                args![id(&owner)],
            ))
            .await;
        let names: Vec<String> = events.iter().map(|(name, field)| format!("{name} {field}").trim().to_owned()).collect();
        assert_eq!(names, ["changed role", "changed access", "disabled", "enabled", "changed name", "changed teams"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn teams_are_made_changed_and_deleted() {
    both_databases(async |desk| {
        let owner = desk.owner().await;
        let (ana, ben) = (desk.agent("Ana").await, desk.agent("Ben").await);
        let admin = admin(&desk);
        let team = admin.create_team(&owner, " Support ", vec![id(&ana), id(&ana)]).await.unwrap();
        assert_eq!((team.name.as_str(), team.members.len()), ("Support", 1));
        assert_eq!(admin.create_team(&owner, "SUPPORT", vec![]).await.unwrap_err().fields[0].key, "error_name_taken");
        assert_eq!(admin.create_team(&owner, "X", vec![AgentId(9_999)]).await.unwrap_err().fields[0].field, "members");
        let marisa = desk.customer("Marisa").await;
        let number = desk.ticket("Printer jam").by(&marisa).for_team("Support").await;
        let team = admin.change_team(&owner, team.id, "Second line", vec![id(&ben)]).await.unwrap();
        assert_eq!(team.members, [id(&ben)]);
        admin.delete_team(&owner, team.id).await.unwrap();
        assert_eq!(admin.delete_team(&owner, team.id).await.unwrap_err(), domain::Error::not_found());
        let sql = "SELECT COUNT(*) FROM item_team JOIN item ON item.id = item_team.item_id WHERE item.number = $1";
        assert_eq!(desk.number(Sql::new(sql, args![number])).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workspace_gets_a_name_a_colour_and_a_logo_of_its_own() {
    both_databases(async |desk| {
        let (owner, adam) = (desk.owner().await, desk.administrator().await);
        let admin = admin(&desk);
        let files = FilesService::new(desk.db.clone(), FileStore::local(&desk.folder().join("files")).unwrap());
        let png = b"\x89PNG\r\n\x1a\n0000".to_vec();
        let logo: Attachment = files.upload(&owner, "logo.png", png.clone()).await.unwrap();
        let text: Attachment = files.upload(&owner, "logo.png", b"<svg onload=alert(1)>".to_vec()).await.unwrap();
        let foreign: Attachment = files.upload(&adam, "logo.png", png).await.unwrap();
        let with_logo = |file: &Attachment| WorkspacePatch { logo: Patch::Set(Some(file.id)), ..Default::default() };
        assert_eq!(admin.change_workspace(&owner, with_logo(&text)).await.unwrap_err().fields[0].key, "error_logo_type");
        assert_eq!(admin.change_workspace(&owner, with_logo(&foreign)).await.unwrap_err().fields[0].field, "logo");
        let patch = WorkspacePatch {
            name: Patch::Set(" Acme Desk ".into()),
            colour: Patch::Set("#AA3300".into()),
            auto_organizations: Patch::Set(false),
            ..with_logo(&logo)
        };
        let workspace = admin.change_workspace(&owner, patch).await.unwrap();
        assert_eq!((workspace.name.as_str(), workspace.colour.as_str()), ("Acme Desk", "#aa3300"));
        assert_eq!(workspace.logo, Some(logo.id));
        assert!(files.download(&Actor::Anonymous, logo.id).await.is_ok(), "everybody sees a logo");
        let bad = WorkspacePatch { colour: Patch::Set("red;}".into()), name: Patch::Set(" ".into()), ..Default::default() };
        assert_eq!(admin.change_workspace(&owner, bad).await.unwrap_err().fields.len(), 2);
        let cleared = WorkspacePatch { logo: Patch::Set(None), ..Default::default() };
        assert_eq!(admin.change_workspace(&owner, cleared).await.unwrap().logo, None);
        assert!(files.download(&Actor::Anonymous, logo.id).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outgoing_mail_is_read_and_tried_again_and_secrets_of_owners_stay_theirs() {
    both_databases(async |desk| {
        let (owner, adam) = (desk.owner().await, desk.administrator().await);
        let (accounts, admin) = (desk.accounts(), admin(&desk));
        accounts.forgot_password(Realm::Agent, &browser(), "olga@desk.test").await.unwrap();
        accounts.forgot_password(Realm::Agent, &browser(), "adam@desk.test").await.unwrap();
        desk.write(|tx| {
            Box::pin(async move {
                let mail = NewMail {
                    to: vec!["m@acme.com".into()],
                    subject: "Hello".into(),
                    text: "x".repeat(500),
                    ..Default::default()
                };
                enqueue(tx, mail).await
            })
        })
        .await;
        let page = |state| PageQuery { search: state, ..PageQuery::default() };
        let of = async |actor: &Actor, who: &str| admin.mails(actor, None, page(who.to_owned())).await.unwrap().rows.remove(0);
        let code = desk.code("olga@desk.test").await;
        assert!(of(&owner, "olga").await.text.contains(&code));
        let concealed = of(&adam, "olga").await;
        assert_eq!((concealed.text.as_str(), concealed.state), ("", MailState::Pending));
        assert_eq!(admin.mail(&adam, concealed.id).await.unwrap().text, "");
        assert!(!of(&adam, "adam").await.text.is_empty());

        let hello = of(&adam, "hello").await;
        assert_eq!(hello.text.len(), 200, "the list shows the beginning");
        assert_eq!(admin.mail(&adam, hello.id).await.unwrap().text.len(), 500);
        assert_eq!(admin.retry_mail(&adam, hello.id).await.unwrap_err().key, "error_mail_done");
        assert_eq!(desk.run_due(desk.mail_worker()).await, 3);
        assert_eq!(admin.mails(&adam, Some(MailState::Held), PageQuery::default()).await.unwrap().rows.len(), 3);
        assert_eq!(admin.retry_mail(&adam, hello.id).await.unwrap().state, MailState::Pending);
        assert_eq!(admin.mails(&adam, Some(MailState::Held), PageQuery::default()).await.unwrap().rows.len(), 2);
        let newest_first = admin.mails(&adam, None, PageQuery { limit: 2, ..PageQuery::default() }).await.unwrap();
        assert_eq!(newest_first.rows[0].id, hello.id);
        let rest = admin.mails(&adam, None, PageQuery { after: newest_first.next, ..PageQuery::default() }).await.unwrap();
        assert_eq!((rest.rows.len(), rest.next), (1, None));
    })
    .await;
}
