//! The handle that JavaScript holds. Each verb is one line: convert, call, convert.

use js_sys::{Float32Array, Float64Array, Uint8Array, Uint32Array};
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use super::Workspace;
use super::dto::{
    AllocationInfo, AllocationRows, BoxDetails, CompareInfo, CompareRows, Details, FileInfos,
    FilterInfo, FlameInfo, FlameWindow, FrameNames, GoroutineInfo, GoroutineOrder, GoroutineStacks,
    GrowthInfo, HotPaths, Neighbours, OpenProgress, OpenStep, OwnCode, PprofRequest, Query,
    ReportOptions, SearchInfo, Summary, TableOrder, Texts, TopInfo, TopRows, ValueText,
};
use super::dto_export::{CsvRequest, TrimInfo};
use super::dto_findings::FindingList;
use super::dto_flame::{ColourBy, ColourGroups, FlameShape};
use super::dto_graph::{CallGraph, CallGraphOptions, CallGraphPart};
use super::dto_source::{SourceFiles, SourceInfo, SourcePlace};
use crate::views;

pub(super) type JsResult<T> = Result<T, JsError>;

pub(super) fn checked<T>(result: Result<T, String>) -> JsResult<T> {
    result.map_err(|message| JsError::new(&message))
}

/// An answer as a plain object.
pub(super) fn answer<T: Tsify + Serialize>(result: Result<T, String>) -> JsResult<Ts<T>> {
    Ok(checked(result)?.into_ts()?)
}

#[wasm_bindgen]
extern "C" {
    /// Fetches the module's second half and links it before it returns.
    #[wasm_bindgen(js_name = loadMore)]
    fn load_more();
}

/// Links the module's second half (see `xtask/src/build/split`). Nobody has to: the stubs of what
/// was put off call the same import. It is here for the linker to keep that.
#[wasm_bindgen(js_name = linkMore)]
#[allow(unreachable_pub, reason = "JavaScript reaches it")]
pub fn link_more() {
    load_more();
}

/// The session: opened files and everything asked of them. See the Rust type `Workspace`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Session {
    pub(super) workspace: Workspace,
}

#[wasm_bindgen]
#[allow(missing_docs, reason = "each verb is documented on Workspace")]
impl Session {
    #[wasm_bindgen(constructor)]
    pub fn new(limit: f64) -> Self {
        Self {
            workspace: Workspace::new(limit as u64),
        }
    }

    #[wasm_bindgen(js_name = openStart)]
    pub fn open_start(&mut self, name: &str, size: f64) -> u32 {
        self.workspace.open_start(name, size)
    }

    #[wasm_bindgen(js_name = openPush)]
    pub fn open_push(&mut self, handle: u32, chunk: &[u8]) -> JsResult<Ts<OpenProgress>> {
        answer(self.workspace.open_push(handle, chunk))
    }

    #[wasm_bindgen(js_name = openNeedsMore)]
    pub fn open_needs_more(&self, handle: u32) -> bool {
        self.workspace.open_needs_more(handle)
    }

    #[wasm_bindgen(js_name = openReadsWithMore)]
    pub fn open_reads_with_more(&self, handle: u32) -> bool {
        self.workspace.open_reads_with_more(handle)
    }

    #[wasm_bindgen(js_name = openStep)]
    pub fn open_step(&mut self, handle: u32) -> JsResult<Ts<OpenStep>> {
        answer(self.workspace.open_step(handle))
    }

    #[wasm_bindgen(js_name = openFinish)]
    pub fn open_finish(&mut self, handle: u32) -> JsResult<Ts<FileInfos>> {
        answer(self.workspace.open_finish(handle).map(FileInfos))
    }

    #[wasm_bindgen(js_name = openCancel)]
    pub fn open_cancel(&mut self, handle: u32) {
        self.workspace.open_cancel(handle);
    }

    pub fn files(&self) -> JsResult<Ts<FileInfos>> {
        answer(Ok(FileInfos(self.workspace.files())))
    }

    pub fn close(&mut self, file: u32) {
        self.workspace.close(file);
    }

    pub fn top(&mut self, query: Ts<Query>, order: Ts<TableOrder>) -> JsResult<Ts<TopInfo>> {
        answer(self.workspace.top(&query.to_rust()?, &order.to_rust()?))
    }

    #[wasm_bindgen(js_name = topRows)]
    pub fn top_rows(
        &mut self,
        query: Ts<Query>,
        order: Ts<TableOrder>,
        start: u32,
        count: u32,
    ) -> JsResult<Ts<TopRows>> {
        answer(
            self.workspace
                .top_rows(&query.to_rust()?, &order.to_rust()?, start, count),
        )
    }

    #[wasm_bindgen(js_name = topPlace)]
    pub fn top_place(
        &mut self,
        query: Ts<Query>,
        order: Ts<TableOrder>,
        node: u32,
    ) -> JsResult<i32> {
        checked(
            self.workspace
                .top_place(&query.to_rust()?, &order.to_rust()?, node),
        )
    }

    pub fn search(&mut self, query: Ts<Query>, expression: &str) -> JsResult<Ts<SearchInfo>> {
        answer(self.workspace.search(&query.to_rust()?, expression))
    }

    pub fn filters(&mut self, query: Ts<Query>) -> JsResult<Ts<FilterInfo>> {
        answer(self.workspace.filters(&query.to_rust()?))
    }

    #[wasm_bindgen(js_name = ownCode)]
    pub fn own_code(&self, file: u32) -> JsResult<Ts<OwnCode>> {
        answer(self.workspace.own_code(file))
    }

    pub fn flame(&mut self, query: Ts<Query>, shape: Ts<FlameShape>) -> JsResult<Ts<FlameInfo>> {
        answer(self.workspace.flame(&query.to_rust()?, &shape.to_rust()?))
    }

    #[wasm_bindgen(js_name = flameBoxes)]
    pub fn flame_boxes(
        &mut self,
        query: Ts<Query>,
        window: Ts<FlameWindow>,
    ) -> JsResult<FlameBoxes> {
        checked(
            self.workspace
                .flame_boxes(&query.to_rust()?, &window.to_rust()?),
        )
        .map(|boxes| FlameBoxes { boxes })
    }

    #[wasm_bindgen(js_name = flameBox)]
    pub fn flame_box(
        &mut self,
        query: Ts<Query>,
        shape: Ts<FlameShape>,
        id: &str,
    ) -> JsResult<Ts<BoxDetails>> {
        answer(
            self.workspace
                .flame_box(&query.to_rust()?, &shape.to_rust()?, id),
        )
    }

    #[wasm_bindgen(js_name = flamePlace)]
    pub fn flame_place(&mut self, query: Ts<Query>, inverted: bool, id: &str) -> JsResult<String> {
        checked(self.workspace.flame_place(&query.to_rust()?, inverted, id))
    }

    #[wasm_bindgen(js_name = flameFind)]
    pub fn flame_find(
        &mut self,
        query: Ts<Query>,
        shape: Ts<FlameShape>,
        node: u32,
    ) -> JsResult<String> {
        checked(
            self.workspace
                .flame_find(&query.to_rust()?, &shape.to_rust()?, node),
        )
    }

    pub fn names(&mut self, query: Ts<Query>, nodes: &[u32]) -> JsResult<Ts<FrameNames>> {
        answer(
            self.workspace
                .names(&query.to_rust()?, nodes)
                .map(FrameNames),
        )
    }

    pub fn format(&mut self, query: Ts<Query>, value: f64) -> JsResult<Ts<ValueText>> {
        answer(self.workspace.format(&query.to_rust()?, value))
    }

    pub fn details(&mut self, query: Ts<Query>, node: u32) -> JsResult<Ts<Details>> {
        answer(self.workspace.details(&query.to_rust()?, node))
    }

    pub fn neighbours(&mut self, query: Ts<Query>, node: u32) -> JsResult<Ts<Neighbours>> {
        answer(self.workspace.neighbours(&query.to_rust()?, node))
    }

    #[wasm_bindgen(js_name = findNode)]
    pub fn find_node(&mut self, query: Ts<Query>, name: &str) -> JsResult<i32> {
        checked(self.workspace.find_node(&query.to_rust()?, name))
    }

    #[wasm_bindgen(js_name = hotPaths)]
    pub fn hot_paths(&mut self, query: Ts<Query>) -> JsResult<Ts<HotPaths>> {
        answer(self.workspace.hot_paths(&query.to_rust()?))
    }

    pub fn summary(&mut self, query: Ts<Query>) -> JsResult<Ts<Summary>> {
        answer(self.workspace.summary(&query.to_rust()?))
    }

    pub fn allocations(
        &mut self,
        query: Ts<Query>,
        order: Ts<TableOrder>,
    ) -> JsResult<Ts<AllocationInfo>> {
        answer(
            self.workspace
                .allocations(&query.to_rust()?, &order.to_rust()?),
        )
    }

    #[wasm_bindgen(js_name = allocationRows)]
    pub fn allocation_rows(
        &mut self,
        query: Ts<Query>,
        order: Ts<TableOrder>,
        start: u32,
        count: u32,
    ) -> JsResult<Ts<AllocationRows>> {
        answer(
            self.workspace
                .allocation_rows(&query.to_rust()?, &order.to_rust()?, start, count),
        )
    }

    pub fn goroutines(
        &mut self,
        query: Ts<Query>,
        order: Ts<GoroutineOrder>,
    ) -> JsResult<Ts<GoroutineInfo>> {
        answer(
            self.workspace
                .goroutines(&query.to_rust()?, &order.to_rust()?),
        )
    }

    #[wasm_bindgen(js_name = goroutineStacks)]
    pub fn goroutine_stacks(
        &mut self,
        query: Ts<Query>,
        groups: &[u32],
    ) -> JsResult<Ts<GoroutineStacks>> {
        answer(self.workspace.goroutine_stacks(&query.to_rust()?, groups))
    }

    pub fn compare(
        &mut self,
        query: Ts<Query>,
        order: Ts<TableOrder>,
    ) -> JsResult<Ts<CompareInfo>> {
        answer(self.workspace.compare(&query.to_rust()?, &order.to_rust()?))
    }

    #[wasm_bindgen(js_name = compareRows)]
    pub fn compare_rows(
        &mut self,
        query: Ts<Query>,
        order: Ts<TableOrder>,
        start: u32,
        count: u32,
    ) -> JsResult<Ts<CompareRows>> {
        answer(
            self.workspace
                .compare_rows(&query.to_rust()?, &order.to_rust()?, start, count),
        )
    }

    #[wasm_bindgen(js_name = comparePlace)]
    pub fn compare_place(
        &mut self,
        query: Ts<Query>,
        order: Ts<TableOrder>,
        node: u32,
    ) -> JsResult<i32> {
        checked(
            self.workspace
                .compare_place(&query.to_rust()?, &order.to_rust()?, node),
        )
    }

    #[wasm_bindgen(js_name = compareTexts)]
    pub fn compare_texts(&mut self, query: Ts<Query>, values: &[f64]) -> JsResult<Ts<Texts>> {
        answer(self.workspace.compare_texts(&query.to_rust()?, values))
    }

    pub fn growth(&mut self, query: Ts<Query>) -> JsResult<Ts<GrowthInfo>> {
        answer(self.workspace.growth(&query.to_rust()?))
    }

    pub fn pprof(&mut self, query: Ts<Query>, request: Ts<PprofRequest>) -> JsResult<Vec<u8>> {
        checked(self.workspace.pprof(&query.to_rust()?, &request.to_rust()?))
    }

    pub fn findings(&self, files: &[u32], main: &str) -> JsResult<Ts<FindingList>> {
        answer(Ok(self.workspace.findings(files, main)))
    }

    #[wasm_bindgen(js_name = reportHtml)]
    pub fn report_html(&self, options: Ts<ReportOptions>) -> JsResult<String> {
        Ok(self.workspace.report_html(&options.to_rust()?))
    }

    #[wasm_bindgen(js_name = reportMarkdown)]
    pub fn report_markdown(&self, options: Ts<ReportOptions>) -> JsResult<String> {
        Ok(self.workspace.report_markdown(&options.to_rust()?))
    }

    #[wasm_bindgen(js_name = reportJson)]
    pub fn report_json(&self, options: Ts<ReportOptions>) -> JsResult<String> {
        Ok(self.workspace.report_json(&options.to_rust()?))
    }

    #[wasm_bindgen(js_name = flameGroups)]
    pub fn flame_groups(
        &mut self,
        query: Ts<Query>,
        by: Ts<ColourBy>,
    ) -> JsResult<Ts<ColourGroups>> {
        answer(
            self.workspace
                .flame_groups(&query.to_rust()?, by.to_rust()?),
        )
    }

    #[wasm_bindgen(js_name = flameGroupsOf)]
    pub fn flame_groups_of(
        &mut self,
        query: Ts<Query>,
        by: Ts<ColourBy>,
        nodes: &[u32],
    ) -> JsResult<Vec<u8>> {
        checked(
            self.workspace
                .flame_groups_of(&query.to_rust()?, by.to_rust()?, nodes),
        )
    }

    #[wasm_bindgen(js_name = tableCsv)]
    pub fn table_csv(&mut self, query: Ts<Query>, request: Ts<CsvRequest>) -> JsResult<Vec<u8>> {
        checked(
            self.workspace
                .table_csv(&query.to_rust()?, &request.to_rust()?),
        )
    }

    #[wasm_bindgen(js_name = trimInfo)]
    pub fn trim_info(&self, file: u32, sample: u32, most: u32) -> JsResult<Ts<TrimInfo>> {
        answer(self.workspace.trim_info(file, sample, most))
    }

    pub fn trimmed(&self, file: u32, sample: u32, most: u32) -> JsResult<Vec<u8>> {
        checked(self.workspace.trimmed(file, sample, most))
    }

    pub fn source(&mut self, query: Ts<Query>, place: Ts<SourcePlace>) -> JsResult<Ts<SourceInfo>> {
        answer(self.workspace.source(&query.to_rust()?, &place.to_rust()?))
    }

    #[wasm_bindgen(js_name = sourceFiles)]
    pub fn source_files(
        &mut self,
        query: Ts<Query>,
        order: Ts<TableOrder>,
    ) -> JsResult<Ts<SourceFiles>> {
        answer(
            self.workspace
                .source_files(&query.to_rust()?, &order.to_rust()?),
        )
    }

    #[wasm_bindgen(js_name = callGraph)]
    pub fn call_graph(
        &mut self,
        query: Ts<Query>,
        options: Ts<CallGraphOptions>,
    ) -> JsResult<Ts<CallGraph>> {
        answer(
            self.workspace
                .call_graph(&query.to_rust()?, &options.to_rust()?),
        )
    }

    #[wasm_bindgen(js_name = callGraphPart)]
    pub fn call_graph_part(
        &mut self,
        query: Ts<Query>,
        options: Ts<CallGraphOptions>,
        number: u32,
    ) -> JsResult<Ts<CallGraphPart>> {
        answer(
            self.workspace
                .call_graph_part(&query.to_rust()?, &options.to_rust()?, number),
        )
    }

    #[wasm_bindgen(js_name = callGraphDot)]
    pub fn call_graph_dot(
        &mut self,
        query: Ts<Query>,
        options: Ts<CallGraphOptions>,
    ) -> JsResult<Vec<u8>> {
        checked(
            self.workspace
                .call_graph_dot(&query.to_rust()?, &options.to_rust()?),
        )
    }

    #[wasm_bindgen(js_name = nodeMatches)]
    pub fn node_matches(
        &mut self,
        query: Ts<Query>,
        expression: &str,
        nodes: &[u32],
    ) -> JsResult<Vec<u8>> {
        checked(
            self.workspace
                .node_matches(&query.to_rust()?, expression, nodes),
        )
    }
}

/// Boxes to draw, as typed arrays: one entry per box, rows ascending, left to right.
#[wasm_bindgen]
#[derive(Debug)]
pub struct FlameBoxes {
    boxes: views::FlameBoxes,
}

#[wasm_bindgen]
#[allow(
    missing_docs,
    reason = "the columns are documented on views::FlameBoxes"
)]
impl FlameBoxes {
    #[wasm_bindgen(getter, js_name = endRow)]
    pub fn end_row(&self) -> u32 {
        self.boxes.end_row
    }

    #[wasm_bindgen(getter)]
    pub fn row(&self) -> Uint32Array {
        Uint32Array::from(self.boxes.row.as_slice())
    }

    #[wasm_bindgen(getter)]
    pub fn x(&self) -> Float32Array {
        Float32Array::from(self.boxes.x.as_slice())
    }

    #[wasm_bindgen(getter)]
    pub fn w(&self) -> Float32Array {
        Float32Array::from(self.boxes.w.as_slice())
    }

    #[wasm_bindgen(getter)]
    pub fn node(&self) -> Uint32Array {
        Uint32Array::from(self.boxes.node.as_slice())
    }

    #[wasm_bindgen(getter)]
    pub fn stack(&self) -> Uint32Array {
        Uint32Array::from(self.boxes.stack.as_slice())
    }

    #[wasm_bindgen(getter)]
    pub fn flags(&self) -> Uint8Array {
        Uint8Array::from(self.boxes.flags.as_slice())
    }

    #[wasm_bindgen(getter)]
    pub fn count(&self) -> Uint32Array {
        Uint32Array::from(self.boxes.count.as_slice())
    }

    #[wasm_bindgen(getter)]
    pub fn value(&self) -> Float64Array {
        Float64Array::from(self.boxes.value.as_slice())
    }

    #[wasm_bindgen(getter)]
    pub fn change(&self) -> Float32Array {
        Float32Array::from(self.boxes.change.as_slice())
    }
}
