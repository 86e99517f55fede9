//! The session's verbs about execution traces; see [`super::session`].

use tsify::Ts;
use wasm_bindgen::prelude::wasm_bindgen;

use super::dto::OpenProgress;
use super::dto_trace::{
    TimelineHits, TimelineLane, TimelineLanes, TimelineOpened, TimelineSpot, TraceDetail,
    TraceInfo, TraceQuery, TraceTable, TraceTableQuery,
};
use super::session::{JsResult, Session, answer, checked};
use super::timeline;
use js_sys::{Float32Array, Uint32Array};

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

    #[wasm_bindgen(js_name = timelineStart)]
    pub fn timeline_start(&mut self, file: u32, name: &str, size: f64) -> JsResult<()> {
        checked(self.workspace.timeline_start(file, name, size))
    }

    #[wasm_bindgen(js_name = timelinePush)]
    pub fn timeline_push(&mut self, chunk: &[u8]) -> JsResult<Ts<OpenProgress>> {
        answer(self.workspace.timeline_push(chunk))
    }

    #[wasm_bindgen(js_name = timelinePart)]
    pub fn timeline_part(&mut self) -> JsResult<Option<Ts<TimelineOpened>>> {
        let part = checked(self.workspace.timeline_part())?;
        part.map(|part| answer(Ok(part))).transpose()
    }

    #[wasm_bindgen(js_name = timelineFinish)]
    pub fn timeline_finish(&mut self) -> JsResult<Ts<TimelineOpened>> {
        answer(self.workspace.timeline_finish())
    }

    #[wasm_bindgen(js_name = timelineCancel)]
    pub fn timeline_cancel(&mut self) {
        self.workspace.timeline_cancel();
    }

    #[wasm_bindgen(js_name = timelinePaint)]
    pub fn timeline_paint(
        &mut self,
        from: f64,
        to: f64,
        width: u32,
        lanes: &[f64],
        palette: &[u32],
    ) -> JsResult<TimelinePicture> {
        let picture = self
            .workspace
            .timeline_paint((from, to), width, lanes, palette);
        checked(picture.map(|picture| TimelinePicture { picture }))
    }

    #[wasm_bindgen(js_name = timelineMembers)]
    pub fn timeline_members(
        &mut self,
        lane: f64,
        skip: u32,
        most: u32,
    ) -> JsResult<Ts<TimelineLanes>> {
        answer(self.workspace.timeline_members(lane, skip, most))
    }

    #[wasm_bindgen(js_name = timelineAt)]
    pub fn timeline_at(&mut self, lane: f64, at: f64) -> JsResult<Ts<TimelineSpot>> {
        answer(self.workspace.timeline_at(lane, at))
    }

    #[wasm_bindgen(js_name = timelineStep)]
    pub fn timeline_step(&mut self, lane: f64, at: f64, forward: bool) -> JsResult<f64> {
        checked(self.workspace.timeline_step(lane, at, forward))
    }

    /// No lane where the trace has no such goroutine.
    #[wasm_bindgen(js_name = timelineLane)]
    pub fn timeline_lane(&mut self, goroutine: f64) -> JsResult<Ts<TimelineLanes>> {
        let lane = self.workspace.timeline_lane(goroutine);
        let as_list = |lane: Option<TimelineLane>| TimelineLanes {
            total: u32::from(lane.is_some()),
            lanes: lane.into_iter().collect(),
        };
        answer(lane.map(as_list))
    }

    #[wasm_bindgen(js_name = timelineSearch)]
    pub fn timeline_search(&mut self, text: &str, most: u32) -> JsResult<Ts<TimelineHits>> {
        answer(self.workspace.timeline_search(text, most))
    }
}

/// A picture of lanes, as typed arrays.
#[wasm_bindgen]
#[derive(Debug)]
pub struct TimelinePicture {
    picture: timeline::TimelinePicture,
}

#[wasm_bindgen]
#[allow(
    missing_docs,
    reason = "the columns are documented on timeline::TimelinePicture"
)]
impl TimelinePicture {
    #[wasm_bindgen(getter)]
    pub fn width(&self) -> u32 {
        self.picture.width
    }

    #[wasm_bindgen(getter)]
    pub fn pixels(&self) -> Uint32Array {
        Uint32Array::from(self.picture.pixels.as_slice())
    }

    #[wasm_bindgen(getter, js_name = pixelRows)]
    pub fn pixel_rows(&self) -> Uint32Array {
        Uint32Array::from(self.picture.pixel_rows.as_slice())
    }

    #[wasm_bindgen(getter)]
    pub fn series(&self) -> Float32Array {
        Float32Array::from(self.picture.series.as_slice())
    }

    #[wasm_bindgen(getter, js_name = seriesRows)]
    pub fn series_rows(&self) -> Uint32Array {
        Uint32Array::from(self.picture.series_rows.as_slice())
    }

    #[wasm_bindgen(getter, js_name = spanRow)]
    pub fn span_row(&self) -> Uint32Array {
        Uint32Array::from(self.picture.span_row.as_slice())
    }

    #[wasm_bindgen(getter, js_name = spanState)]
    pub fn span_state(&self) -> Uint32Array {
        Uint32Array::from(self.picture.span_state.as_slice())
    }

    #[wasm_bindgen(getter, js_name = spanLabel)]
    pub fn span_label(&self) -> Uint32Array {
        Uint32Array::from(self.picture.span_label.as_slice())
    }

    #[wasm_bindgen(getter, js_name = spanX0)]
    pub fn span_x0(&self) -> Float32Array {
        Float32Array::from(self.picture.span_x0.as_slice())
    }

    #[wasm_bindgen(getter, js_name = spanX1)]
    pub fn span_x1(&self) -> Float32Array {
        Float32Array::from(self.picture.span_x1.as_slice())
    }

    #[wasm_bindgen(getter, js_name = spanDepth)]
    pub fn span_depth(&self) -> Uint32Array {
        Uint32Array::from(self.picture.span_depth.as_slice())
    }

    #[wasm_bindgen(getter, js_name = spanGoroutine)]
    pub fn span_goroutine(&self) -> Uint32Array {
        Uint32Array::from(self.picture.span_goroutine.as_slice())
    }

    #[wasm_bindgen(getter)]
    pub fn labels(&self) -> Vec<String> {
        self.picture.labels.clone()
    }
}
