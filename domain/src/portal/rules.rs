//! What a ticket portal shows and allows, as an administrator sets it. The rules are data; [`sight`](PortalRules::sight) makes the part of
//! a customer's permission filter of them that is this portal's, and every door asks the same functions.

use crate::{
    actor::CustomerActor,
    error::Check,
    filter::{Expr, Field, Op, Relation, Value},
    id::TypeId,
    limits,
};
use serde::{Deserialize, Serialize};

/// Whose tickets of an organization its ordinary members see. Main contacts see them all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colleagues {
    /// Every member sees the organization's tickets.
    #[default]
    Everyone,
    /// Only main contacts do; others see what they asked or follow.
    MainContacts,
}

impl Colleagues {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Everyone, Self::MainContacts];
    /// The stable name (forms, message keys).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::MainContacts => "main_contacts",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.key() == key)
    }
}

/// Something of a ticket that a portal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Property {
    /// Title. Always shown: a list of tickets without titles is none.
    Title,
    /// What was asked, with its files.
    Description,
    /// Status.
    Status,
    /// Type.
    Type,
    /// Stars.
    Priority,
    /// The agents it is assigned to.
    Assignee,
    /// Who asked.
    Requester,
    /// How many people it touches.
    Impact,
    /// The product it is about.
    Product,
    /// When it came in.
    Created,
    /// When it last changed in a way that customers may know.
    Updated,
}

impl Property {
    /// All of them, in the order of a new portal.
    pub const ALL: [Self; 11] = [
        Self::Title,
        Self::Description,
        Self::Status,
        Self::Type,
        Self::Priority,
        Self::Assignee,
        Self::Requester,
        Self::Impact,
        Self::Product,
        Self::Created,
        Self::Updated,
    ];
    /// The stable name (forms, message keys `property_…`).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Description => "description",
            Self::Status => "status",
            Self::Type => "type",
            Self::Priority => "priority",
            Self::Assignee => "assignee",
            Self::Requester => "requester",
            Self::Impact => "impact",
            Self::Product => "product",
            Self::Created => "created",
            Self::Updated => "updated",
        }
    }
    /// Whether customers can fill it in: what follows from other things is only ever shown.
    #[must_use]
    pub fn fillable(self) -> bool {
        matches!(self, Self::Title | Self::Description | Self::Type | Self::Priority | Self::Impact | Self::Product)
    }
    /// Whether customers can change it afterwards. What they asked begins the conversation: they add to it by answering.
    #[must_use]
    pub fn changeable(self) -> bool {
        self.fillable() && self != Self::Description
    }
    /// The field under which the log keeps its changes; `None` for what follows from others.
    #[must_use]
    pub fn event_field(self) -> Option<&'static str> {
        match self {
            Self::Created | Self::Updated => None,
            Self::Assignee => Some("agents"),
            _ => Some(self.key()),
        }
    }
    /// The property that a field of the log tells of.
    #[must_use]
    pub fn of_event_field(field: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|property| property.event_field() == Some(field))
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|property| property.key() == key)
    }
}

/// Whether customers see a property of a ticket, and whether they may change it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Never sent.
    #[default]
    Hidden,
    /// Shown.
    View,
    /// Shown, and the customer may change it.
    Edit,
}

/// Whether the create form asks for a property.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnForm {
    /// Not asked; what is sent all the same is refused.
    #[default]
    Absent,
    /// Asked.
    Optional,
    /// Asked, and not to be left empty.
    Required,
}

/// How a portal treats a property: for all types, but for those with a rule of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PropertyRule {
    /// The property.
    pub property: Property,
    /// On the ticket's page.
    #[serde(default)]
    pub access: Access,
    /// On the create form.
    #[serde(default)]
    pub form: OnForm,
    /// Types for which it is different.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of_types: Vec<TypeRule>,
}

/// How a portal treats a property of tickets of one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeRule {
    /// The type.
    pub type_id: TypeId,
    /// On the ticket's page.
    pub access: Access,
    /// On the create form.
    pub form: OnForm,
}

/// A filter that a portal offers over its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortalFilter {
    /// By the category of the status.
    Status,
    /// By type.
    Type,
    /// By stars.
    Priority,
    /// By impact.
    Impact,
    /// Only their own, or only those of others.
    Requester,
}

impl PortalFilter {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Status, Self::Type, Self::Priority, Self::Impact, Self::Requester];
    /// The property that it tells of: one that is hidden cannot be asked for either.
    #[must_use]
    pub fn property(self) -> Property {
        match self {
            Self::Status => Property::Status,
            Self::Type => Property::Type,
            Self::Priority => Property::Priority,
            Self::Impact => Property::Impact,
            Self::Requester => Property::Requester,
        }
    }
}

/// What customers may do in a portal with tickets that they see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalMay {
    /// Make tickets.
    pub create: bool,
    /// Answer.
    pub reply: bool,
    /// Attach files, to requests and answers.
    pub attach: bool,
    /// Mark their own as solved, and open them again.
    pub close: bool,
}

/// What a ticket portal shows and allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PortalRules {
    /// Shows tickets that the customer requested or follows, and those of their organization as [`Self::colleagues`] says.
    pub theirs: bool,
    /// Shows tickets of projects that the customer or their organization follows.
    pub of_projects: bool,
    /// Whose tickets of the organization ordinary members see.
    pub colleagues: Colleagues,
    /// The types of which tickets are shown; `None`: all, also those made later.
    pub shown: Option<Vec<TypeId>>,
    /// The types that can be created; `None`: all that are switched on. Of these only those that are shown.
    pub creatable: Option<Vec<TypeId>>,
    /// How properties are treated, in the order of the page. One that is not named is hidden.
    pub properties: Vec<PropertyRule>,
    /// The filters that are offered; none: no filter panel.
    pub filters: Vec<PortalFilter>,
    /// What customers may do.
    pub may: PortalMay,
}

impl Default for PortalRules {
    fn default() -> Self {
        use Access::{Hidden, View};
        let rule = |property: Property| {
            let shown = !matches!(property, Property::Impact | Property::Product);
            let form = match property {
                Property::Title | Property::Description => OnForm::Required,
                Property::Type | Property::Priority => OnForm::Optional,
                _ => OnForm::Absent,
            };
            PropertyRule { property, access: if shown { View } else { Hidden }, form, of_types: Vec::new() }
        };
        Self {
            theirs: true,
            of_projects: true,
            colleagues: Colleagues::default(),
            shown: None,
            creatable: None,
            properties: Property::ALL.into_iter().map(rule).collect(),
            filters: vec![PortalFilter::Status, PortalFilter::Type, PortalFilter::Priority],
            may: PortalMay { create: true, reply: true, attach: true, close: true },
        }
    }
}

impl PortalRules {
    /// The items that a customer sees in this portal, before what holds in all of them.
    #[must_use]
    pub fn sight(&self, customer: &CustomerActor) -> Expr {
        let mut theirs = Vec::new();
        if self.theirs {
            theirs.push(Expr::compare(Field::Requester, Op::Is, Value::Me));
            theirs.push(Expr::some(Relation::FollowingCustomers, Value::Me));
            if customer.organization.is_some() && (customer.main_contact || self.colleagues == Colleagues::Everyone) {
                theirs.push(Expr::compare(Field::Organization, Op::Is, Value::MyOrganization));
            }
        }
        let theirs = Expr::Any(theirs);
        match &self.shown {
            None => theirs,
            Some(types) => {
                let types = types.iter().map(|id| Value::Id(id.0)).collect();
                Expr::All(vec![Expr::compare(Field::Type, Op::In, Value::Set(types)), theirs])
            }
        }
    }
    /// The items of which a property is shown, as far as types go.
    #[must_use]
    pub fn shown_of(&self, property: Property) -> Expr {
        let Some(rule) = self.properties.iter().find(|rule| rule.property == property) else { return Expr::Any(Vec::new()) };
        let of_types = |shown: bool| {
            let types = rule.of_types.iter().filter(|of| (of.access > Access::Hidden) == shown);
            Value::Set(types.map(|of| Value::Id(of.type_id.0)).collect())
        };
        match rule.access {
            Access::Hidden => Expr::compare(Field::Type, Op::In, of_types(true)),
            Access::View | Access::Edit if rule.of_types.is_empty() => Expr::All(Vec::new()),
            Access::View | Access::Edit => Expr::compare(Field::Type, Op::NotIn, of_types(false)),
        }
    }
    /// Whether tickets of a type are shown.
    #[must_use]
    pub fn shows(&self, type_id: TypeId) -> bool {
        self.shown.as_ref().is_none_or(|types| types.contains(&type_id))
    }
    /// Whether customers may make tickets of a type that is switched on.
    #[must_use]
    pub fn creates(&self, type_id: TypeId) -> bool {
        self.may.create && self.shows(type_id) && self.creatable.as_ref().is_none_or(|types| types.contains(&type_id))
    }
    /// Whether customers see a property of tickets of a type, and may change it.
    #[must_use]
    pub fn access(&self, property: Property, type_id: TypeId) -> Access {
        self.rule(property, type_id).access
    }
    /// Whether the create form asks for a property.
    #[must_use]
    pub fn form(&self, property: Property, type_id: TypeId) -> OnForm {
        self.rule(property, type_id).form
    }
    /// Whether a property is shown of tickets of any type.
    #[must_use]
    pub fn ever_shows(&self, property: Property) -> bool {
        self.properties.iter().filter(|rule| rule.property == property).any(|rule| {
            rule.access > Access::Hidden || rule.of_types.iter().any(|of| of.access > Access::Hidden && self.shows(of.type_id))
        })
    }
    /// Whether the list offers a filter: one over a property that is hidden of some type would tell of it.
    #[must_use]
    pub fn offers(&self, filter: PortalFilter) -> bool {
        let rule = self.properties.iter().find(|rule| rule.property == filter.property());
        let always = rule.is_some_and(|rule| {
            rule.access > Access::Hidden && rule.of_types.iter().all(|of| of.access > Access::Hidden || !self.shows(of.type_id))
        });
        always && self.filters.contains(&filter)
    }

    fn rule(&self, property: Property, type_id: TypeId) -> TypeRule {
        let rule = self.properties.iter().find(|rule| rule.property == property);
        let of_type = rule.and_then(|rule| rule.of_types.iter().find(|of| of.type_id == type_id).copied());
        of_type.unwrap_or_else(|| TypeRule {
            type_id,
            access: rule.map_or(Access::Hidden, |rule| rule.access),
            form: rule.map_or(OnForm::Absent, |rule| rule.form),
        })
    }

    /// Notes what makes no sense: both kinds of items switched off, a property twice, one that cannot be filled in but is asked for, a
    /// hidden title.
    pub fn check(&self, check: &mut Check) {
        check.that(self.theirs || self.of_projects, "theirs", "error_portal_shows_nothing");
        let lists = [&self.shown, &self.creatable];
        check.that(lists.into_iter().flatten().all(|types| types.len() <= limits::TYPES), "types", "error_too_many_values");
        let mut seen = std::collections::BTreeSet::new();
        for rule in &self.properties {
            let (property, field) = (rule.property, format!("properties.{}", rule.property.key()));
            check.that(seen.insert(property), &field, "error_portal_property_twice");
            let mut types = std::collections::BTreeSet::new();
            check.that(rule.of_types.iter().all(|of| types.insert(of.type_id)), &field, "error_portal_property_twice");
            let all = rule.of_types.iter().map(|of| (of.access, of.form));
            for (access, form) in std::iter::once((rule.access, rule.form)).chain(all) {
                let possible =
                    (property.changeable() || access < Access::Edit) && (property.fillable() || form == OnForm::Absent);
                check.that(possible, &field, "error_portal_fixed");
                if property == Property::Title {
                    check.that(access > Access::Hidden && form == OnForm::Required, &field, "error_portal_title");
                }
            }
        }
        check.that(seen.contains(&Property::Title), "properties.title", "error_portal_title");
    }
}
