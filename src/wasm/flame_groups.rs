//! The groups that a flame graph's colours stand for.

use std::rc::Rc;

use super::dto::Query;
use super::dto_flame::{ColourBy, ColourGroup, ColourGroups};
use super::query::Analysis;
use super::workspace::Workspace;
use crate::analysis::{Group, GroupBy, Groups, groups};

impl From<ColourBy> for GroupBy {
    fn from(by: ColourBy) -> Self {
        match by {
            ColourBy::Package => Self::Package,
            ColourBy::File => Self::File,
            ColourBy::Class => Self::Class,
            ColourBy::Mechanism => Self::Mechanism,
        }
    }
}

impl Analysis {
    /// The groups; the last answer is kept.
    fn grouped(&self, by: ColourBy) -> Rc<Groups> {
        if let Some((known, groups)) = &*self.groups.borrow()
            && *known == by
        {
            return Rc::clone(groups);
        }
        let made = Rc::new(groups(
            self.profile(),
            &self.nodes,
            &self.classes,
            self.loaded.kind,
            &self.selection,
            by.into(),
        ));
        *self.groups.borrow_mut() = Some((by, Rc::clone(&made)));
        made
    }

    fn colour_group(&self, group: &Group) -> ColourGroup {
        let name = group.node.map(|node| self.name(node));
        ColourGroup {
            key: group.key.clone(),
            label: group.label.clone(),
            cum: self.value(group.cum),
            cum_pct: self.percent(group.cum),
            flat: self.value(group.flat),
            class: name
                .as_ref()
                .map_or_else(String::new, |name| name.class.clone()),
            hue: name.map_or(0, |name| name.hue),
        }
    }
}

impl Workspace {
    /// The groups that colours can stand for.
    pub fn flame_groups(&mut self, query: &Query, by: ColourBy) -> Result<ColourGroups, String> {
        let analysis = self.analysis(query)?;
        let groups = analysis.grouped(by);
        Ok(ColourGroups {
            groups: groups
                .shown
                .iter()
                .map(|group| analysis.colour_group(group))
                .collect(),
            others: groups
                .others
                .as_ref()
                .map(|group| analysis.colour_group(group)),
        })
    }

    /// Of each node the place of its group among [`Self::flame_groups`]; 255 for the others, and
    /// for what is no node.
    pub fn flame_groups_of(
        &mut self,
        query: &Query,
        by: ColourBy,
        nodes: &[u32],
    ) -> Result<Vec<u8>, String> {
        let groups = self.analysis(query)?.grouped(by);
        let place = |&node: &u32| groups.of_node.get(node as usize).copied();
        Ok(nodes
            .iter()
            .map(|node| place(node).unwrap_or(Groups::OTHERS))
            .collect())
    }
}
