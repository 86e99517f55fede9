//! Files in a session of the page.
#![allow(unreachable_pub, reason = "a module of each test binary")]

use dropprof::wasm::Workspace;
use dropprof::wasm::dto::FileInfo;

/// Opens a file that can be read.
pub fn open(workspace: &mut Workspace, name: &str, bytes: &[u8]) -> FileInfo {
    let handle = workspace.open_start(name, bytes.len() as f64);
    workspace.open_push(handle, bytes).expect("it is open");
    let info = workspace.open_finish(handle).expect("it is open").remove(0);
    assert!(info.error.is_none(), "{:?}", info.error);
    info
}
