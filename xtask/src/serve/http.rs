//! A file server for one directory and this machine only: enough HTTP/1.1 for a browser.

use anyhow::{Context, Result};
use std::fs;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// Longest request head that is read; a browser's are below 2 KiB.
const HEAD_LIMIT: usize = 16 * 1024;

/// How long a connection may stay silent; browsers open some in advance and never use them.
const SILENCE_LIMIT: Duration = Duration::from_secs(10);

/// A directory served under a base path on the loopback interface.
pub struct Server {
    listeners: Vec<TcpListener>,
    port: u16,
    site: Arc<Site>,
}

/// What is served: `root`, as an absolute path without links, under `base`, which starts and ends
/// with a slash.
struct Site {
    root: PathBuf,
    base: String,
}

/// A status line, the headers that depend on the request, and the body.
struct Response {
    status: &'static str,
    header: String,
    body: Vec<u8>,
}

impl Server {
    /// Listens on `port` of 127.0.0.1, and of `::1` where the machine has it; 0 takes a free port.
    pub fn bind(root: &Path, base: &str, port: u16) -> Result<Self> {
        let root = root.canonicalize().with_context(|| {
            format!(
                "nothing to serve at {}; run cargo xtask build",
                root.display()
            )
        })?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("cannot listen on port {port}; --port=N takes another"))?;
        let port = listener.local_addr()?.port();
        let mut listeners = vec![listener];
        // `localhost` is ::1 first for some browsers.
        listeners.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, port)));
        let inner = base.trim_matches('/');
        let base = if inner.is_empty() {
            "/".to_owned()
        } else {
            format!("/{inner}/")
        };
        Ok(Self {
            listeners,
            port,
            site: Arc::new(Site { root, base }),
        })
    }

    /// The address of the site, by the given name of this machine.
    pub fn url(&self, host: &str) -> String {
        format!("http://{host}:{}{}", self.port, self.site.base)
    }

    /// Serves until the process ends.
    pub fn run(self) -> Result<()> {
        for thread in self.start() {
            // A listener's thread ends only by a panic, which it has reported.
            let _ = thread.join();
        }
        Ok(())
    }

    /// Serves in the background until the process ends.
    pub fn start(self) -> Vec<thread::JoinHandle<()>> {
        let Self {
            listeners, site, ..
        } = self;
        listeners
            .into_iter()
            .map(|listener| {
                let site = Arc::clone(&site);
                thread::spawn(move || accept(&listener, &site))
            })
            .collect()
    }
}

fn accept(listener: &TcpListener, site: &Arc<Site>) {
    for stream in listener.incoming().flatten() {
        let site = Arc::clone(site);
        thread::spawn(move || {
            // A browser that goes away in mid-transfer is everyday.
            let _ = site.answer(stream);
        });
    }
}

impl Site {
    fn answer(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(SILENCE_LIMIT))?;
        stream.set_write_timeout(Some(SILENCE_LIMIT))?;
        let Some(head) = read_head(&mut stream)? else {
            return Ok(());
        };
        let mut words = head.lines().next().unwrap_or_default().split(' ');
        let (method, target) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        let response = match method {
            "GET" | "HEAD" => self.respond(target),
            _ => Response::plain("405 Method Not Allowed", "Allow: GET, HEAD\r\n"),
        };
        write!(
            stream,
            "HTTP/1.1 {}\r\nContent-Length: {}\r\n{}Cache-Control: no-cache\r\n\
             X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
            response.status,
            response.body.len(),
            response.header,
        )?;
        if method == "GET" {
            stream.write_all(&response.body)?;
        }
        stream.flush()
    }

    fn respond(&self, target: &str) -> Response {
        let path = target.split(['?', '#']).next().unwrap_or_default();
        if format!("{path}/") == self.base {
            return Response::plain(
                "301 Moved Permanently",
                &format!("Location: {}\r\n", self.base),
            );
        }
        let found = path
            .strip_prefix(&self.base)
            .and_then(|inside| self.file(inside))
            .and_then(|file| Some((mime_type(&file), fs::read(&file).ok()?)));
        match found {
            Some((mime, body)) => Response {
                status: "200 OK",
                header: format!("Content-Type: {mime}\r\n"),
                body,
            },
            None => Response::plain("404 Not Found", ""),
        }
    }

    /// The file that a path below the base names, if it is one and lies inside the root.
    fn file(&self, encoded: &str) -> Option<PathBuf> {
        let inside = percent_decode(encoded)?;
        let mut path = self.root.clone();
        for part in inside.split('/').filter(|part| !part.is_empty()) {
            if part == ".." || part.contains(['\\', ':', '\0']) {
                return None;
            }
            path.push(part);
        }
        if path.is_dir() {
            path.push("index.html");
        }
        let path = path.canonicalize().ok()?;
        (path.starts_with(&self.root) && path.is_file()).then_some(path)
    }
}

impl Response {
    /// A response that says no more than its status.
    fn plain(status: &'static str, header: &str) -> Self {
        let header = format!("Content-Type: text/plain; charset=utf-8\r\n{header}");
        Self {
            status,
            header,
            body: format!("{status}\n").into_bytes(),
        }
    }
}

/// The request up to its empty line; nothing if the peer closes before that or says too much.
fn read_head(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut head = Vec::new();
    let mut chunk = [0; 2048];
    while head.len() <= HEAD_LIMIT {
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            return Ok(None);
        }
        head.extend_from_slice(&chunk[..read]);
        if head.windows(4).any(|window| window == b"\r\n\r\n") {
            return Ok(String::from_utf8(head).ok());
        }
    }
    Ok(None)
}

/// `%41` becomes `A`; nothing if an escape is broken or the result is not UTF-8.
fn percent_decode(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

fn mime_type(file: &Path) -> &'static str {
    match file
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
    {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Starts a site with a secret beside it and returns its port.
    fn start(name: &str) -> Result<u16> {
        let dir = crate::paths::target().join("xtask").join(name);
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(dir.join("site/assets"))?;
        fs::write(dir.join("secret.txt"), "secret")?;
        fs::write(dir.join("site/index.html"), "<p>home")?;
        fs::write(dir.join("site/assets/a b.wasm"), "\0asm")?;
        let server = Server::bind(&dir.join("site"), "/x/y", 0)?;
        let port = server.port;
        server.start();
        Ok(port)
    }

    fn request(port: u16, line: &str) -> Result<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        write!(stream, "{line} HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
        let mut response = String::new();
        stream.read_to_string(&mut response)?;
        Ok(response)
    }

    #[test]
    fn files_come_with_their_type_under_the_base() -> Result<()> {
        let port = start("http-files")?;
        let home = request(port, "GET /x/y/?q=1")?;
        assert!(home.starts_with("HTTP/1.1 200 OK\r\n"), "{home}");
        assert!(
            home.contains("Content-Type: text/html") && home.ends_with("\r\n\r\n<p>home"),
            "{home}"
        );
        let wasm = request(port, "GET /x/y/assets/a%20b.wasm")?;
        assert!(
            wasm.contains("Content-Type: application/wasm\r\n"),
            "{wasm}"
        );
        let head = request(port, "HEAD /x/y/index.html")?;
        assert!(
            head.contains("Content-Length: 7\r\n") && head.ends_with("\r\n\r\n"),
            "{head}"
        );
        assert!(request(port, "GET /x/y")?.contains("Location: /x/y/\r\n"));
        Ok(())
    }

    #[test]
    fn nothing_outside_the_root_is_served() -> Result<()> {
        let port = start("http-outside")?;
        for target in [
            "/",
            "/index.html",
            "/x/y/../secret.txt",
            "/x/y/%2e%2e/secret.txt",
            "/x/y/..%2fsecret.txt",
            "/x/y/assets/../../secret.txt",
            "/x/y/..\\secret.txt",
            "/x/y/%00",
            "/x/y/%zz",
            "/x/y/%",
            "/x/y/%ff",
            "/x/y//../secret.txt",
            "/x/y/missing.js",
        ] {
            let response = request(port, &format!("GET {target}"))?;
            assert!(
                response.starts_with("HTTP/1.1 404 "),
                "{target}: {response}"
            );
            assert!(!response.contains("secret"), "{target}: {response}");
        }
        assert!(request(port, "POST /x/y/")?.starts_with("HTTP/1.1 405 "));
        Ok(())
    }
}
