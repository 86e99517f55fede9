//! The session's verbs about labels and time; see [`super::session`].

use tsify::Ts;
use wasm_bindgen::prelude::wasm_bindgen;

use super::dto::{FileInfo, FileInfos, Query};
use super::dto_tags::{TagOrder, TagRange, TagValues, TagsInfo, TimeStrip};
use super::session::{JsResult, Session, answer};

#[wasm_bindgen]
#[allow(missing_docs, reason = "each verb is documented on Workspace")]
impl Session {
    pub fn tags(&mut self, query: Ts<Query>) -> JsResult<Ts<TagsInfo>> {
        answer(self.workspace.tags(&query.to_rust()?))
    }

    #[wasm_bindgen(js_name = tagValues)]
    pub fn tag_values(
        &mut self,
        query: Ts<Query>,
        key: u32,
        order: Ts<TagOrder>,
        start: u32,
        count: u32,
    ) -> JsResult<Ts<TagValues>> {
        answer(
            self.workspace
                .tag_values(&query.to_rust()?, key, &order.to_rust()?, start, count),
        )
    }

    #[wasm_bindgen(js_name = tagRange)]
    pub fn tag_range(
        &mut self,
        query: Ts<Query>,
        key: u32,
        first: u32,
        last: u32,
    ) -> JsResult<Ts<TagRange>> {
        answer(
            self.workspace
                .tag_range(&query.to_rust()?, key, first, last),
        )
    }

    #[wasm_bindgen(js_name = timeStrip)]
    pub fn time_strip(&mut self, query: Ts<Query>, slices: u32) -> JsResult<Ts<TimeStrip>> {
        answer(self.workspace.time_strip(&query.to_rust()?, slices))
    }

    #[wasm_bindgen(js_name = timeRange)]
    pub fn time_range(
        &mut self,
        query: Ts<Query>,
        slices: u32,
        first: u32,
        last: u32,
    ) -> JsResult<Ts<TagRange>> {
        answer(
            self.workspace
                .time_range(&query.to_rust()?, slices, first, last),
        )
    }

    #[wasm_bindgen(js_name = mergeFiles)]
    pub fn merge_files(&mut self, files: &[u32]) -> JsResult<Ts<FileInfos>> {
        let merged = self.workspace.merge_files(files);
        answer(merged.map(|info: FileInfo| FileInfos(vec![info])))
    }
}
