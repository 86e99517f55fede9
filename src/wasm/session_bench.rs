//! The session's verbs about benchmark results; see [`super::session`].

use tsify::Ts;
use wasm_bindgen::prelude::wasm_bindgen;

use super::dto_bench::{BenchDetail, BenchInfo, BenchQuery, BenchRows};
use super::session::{JsResult, Session, answer, checked};

#[wasm_bindgen]
#[allow(missing_docs, reason = "each verb is documented on Workspace")]
impl Session {
    #[wasm_bindgen(js_name = benchTables)]
    pub fn bench_tables(&mut self, query: Ts<BenchQuery>) -> JsResult<Ts<BenchInfo>> {
        answer(self.workspace.bench_tables(&query.to_rust()?))
    }

    #[wasm_bindgen(js_name = benchRows)]
    pub fn bench_rows(
        &mut self,
        query: Ts<BenchQuery>,
        table: u32,
        start: u32,
        count: u32,
    ) -> JsResult<Ts<BenchRows>> {
        answer(
            self.workspace
                .bench_rows(&query.to_rust()?, table, start, count),
        )
    }

    #[wasm_bindgen(js_name = benchRow)]
    pub fn bench_row(&mut self, query: Ts<BenchQuery>, table: u32, label: &str) -> JsResult<i32> {
        checked(self.workspace.bench_row(&query.to_rust()?, table, label))
    }

    #[wasm_bindgen(js_name = benchDetail)]
    pub fn bench_detail(
        &mut self,
        query: Ts<BenchQuery>,
        table: u32,
        row: u32,
    ) -> JsResult<Ts<BenchDetail>> {
        answer(self.workspace.bench_detail(&query.to_rust()?, table, row))
    }

    #[wasm_bindgen(js_name = benchExport)]
    pub fn bench_export(&mut self, query: Ts<BenchQuery>, format: &str) -> JsResult<Vec<u8>> {
        checked(self.workspace.bench_export(&query.to_rust()?, format))
    }
}
