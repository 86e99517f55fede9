//! `cargo xtask serve`: the built site on this machine, and a browser on it.

pub mod http;

use crate::build::{self, Mode};
use crate::paths;
use crate::tool::Tool;
use anyhow::{Context, Result, bail};
use http::Server;
use std::env;
use std::path::PathBuf;

/// See `cargo xtask serve --help`.
pub const HELP: &str = "Install what is missing, build, and serve the page at http://localhost:8080
--port=N     another port
--base=PATH  serve under a sub-path, as GitHub Pages does
--root=DIR   serve another directory than dist/ (implies --no-build)
--no-build   serve what is there
--no-open    do not open a browser
--dev        as for build";

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    port: u16,
    base: String,
    root: Option<PathBuf>,
    build: bool,
    open: bool,
    dev: bool,
}

impl Options {
    fn parse(args: &[String]) -> Result<Self> {
        let mut options = Self {
            port: 8080,
            base: "/".to_owned(),
            root: None,
            build: true,
            open: true,
            dev: false,
        };
        for arg in args {
            match arg.split_once('=').unwrap_or((arg, "")) {
                ("--port", port) => {
                    options.port = port.parse().with_context(|| format!("bad {arg}"))?;
                }
                ("--base", base) => options.base = base.to_owned(),
                ("--root", root) => options.root = Some(PathBuf::from(root)),
                ("--no-build", "") => options.build = false,
                ("--no-open", "") => options.open = false,
                ("--dev", "") => options.dev = true,
                _ => bail!("unknown option {arg}; see cargo xtask serve --help"),
            }
        }
        Ok(options)
    }
}

/// Serves until interrupted.
pub fn run(args: &[String]) -> Result<()> {
    let options = Options::parse(args)?;
    if options.build && options.root.is_none() {
        build::site(if options.dev {
            Mode::Dev
        } else {
            Mode::Release
        })?;
    }
    let root = options.root.unwrap_or_else(paths::dist);
    let server = Server::bind(&root, &options.base, options.port)?;
    let url = server.url("localhost");
    println!("Serving {} at {url}\nCtrl+C stops it.", root.display());
    if options.open {
        open_browser(&url);
    }
    server.run()
}

/// Opens the person's browser if this is a desktop; whether that works is no concern of the server.
fn open_browser(url: &str) {
    let opener = if cfg!(target_os = "macos") {
        Some(Tool::new("open").arg(url))
    } else if cfg!(windows) {
        Some(Tool::new("cmd").args(["/c", "start", "", url]))
    } else {
        has_display().then(|| Tool::new("xdg-open").arg(url))
    };
    if let Some(opener) = opener {
        let _ = opener.probe();
    }
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| env::var_os(name).is_some())
        && paths::on_path(&["xdg-open"]).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<Options> {
        Options::parse(&args.iter().map(|&arg| arg.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn options_are_read_and_unknown_ones_refused() -> Result<()> {
        let options = parse(&["--port=9000", "--base=/a/", "--no-build", "--no-open"])?;
        assert_eq!((options.port, options.base.as_str()), (9000, "/a/"));
        assert!(!options.build && !options.open && !options.dev);
        assert_eq!(parse(&[])?.port, 8080);
        for bad in ["--port=x", "--prot=1", "--dev=1", "8080"] {
            assert!(parse(&[bad]).is_err(), "{bad}");
        }
        Ok(())
    }
}
