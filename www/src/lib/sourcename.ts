// What a dropped file is, by its name: source text, a profile, or neither. In the first load, and small.

const SOURCE = /\.(go|s|S|c|h|cc|cpp|cxx|hh|hpp|m|mm|rs|java|kt|scala|py|rb|js|ts|swift|zig|proto|templ)$/;
const PROFILE = /\.(prof|pprof|profile|pb|folded|collapsed)(\.gz|\.zst)?$|(^|[/._-])(cpu|mem|heap|allocs|block|mutex|goroutines?|threadcreate|bench)[\w.-]*\.(out|gz|txt)$/i;

/** Whether a file is source text. */
export function isSourceName(path: string): boolean {
  return SOURCE.test(path);
}

/** Whether a file of a folder with sources is a profile: in such a folder most others are neither. */
export function isProfileName(path: string): boolean {
  return PROFILE.test(path) && !isSourceName(path);
}

/** Whether a file is a zip, which may have sources or profiles in it. */
export function isZipName(path: string): boolean {
  return /\.zip$/i.test(path);
}
