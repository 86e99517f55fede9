//! The session's verbs about execution traces; see [`super::session`].

use tsify::Ts;
use wasm_bindgen::prelude::wasm_bindgen;

use super::dto_trace::{TraceDetail, TraceInfo, TraceQuery, TraceTable, TraceTableQuery};
use super::session::{JsResult, Session, answer, checked};

#[wasm_bindgen]
#[allow(missing_docs, reason = "each verb is documented on Workspace")]
impl Session {
    pub fn trace(&mut self, query: Ts<TraceQuery>) -> JsResult<Ts<TraceInfo>> {
        answer(self.workspace.trace(&query.to_rust()?))
    }

    #[wasm_bindgen(js_name = traceTable)]
    pub fn trace_table(
        &mut self,
        query: Ts<TraceQuery>,
        table: Ts<TraceTableQuery>,
        start: u32,
        count: u32,
    ) -> JsResult<Ts<TraceTable>> {
        let (query, table) = (query.to_rust()?, table.to_rust()?);
        answer(self.workspace.trace_table(&query, &table, start, count))
    }

    #[wasm_bindgen(js_name = traceDetail)]
    pub fn trace_detail(
        &mut self,
        query: Ts<TraceQuery>,
        section: &str,
        id: u32,
    ) -> JsResult<Ts<TraceDetail>> {
        answer(self.workspace.trace_detail(&query.to_rust()?, section, id))
    }

    #[wasm_bindgen(js_name = traceCsv)]
    pub fn trace_csv(
        &mut self,
        query: Ts<TraceQuery>,
        table: Ts<TraceTableQuery>,
    ) -> JsResult<Vec<u8>> {
        checked(
            self.workspace
                .trace_csv(&query.to_rust()?, &table.to_rust()?),
        )
    }
}
