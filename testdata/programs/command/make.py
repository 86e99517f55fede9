#!/usr/bin/env python3
"""Writes small profiles that differ in what they say of themselves into the current directory, and
what go tool pprof says of them under many arguments into expected.jsonl.

usage: make.py PPROF, where PPROF is what `go tool -n pprof` prints
"""
import gzip, itertools, json, os, re, shlex, struct, subprocess, sys

def vi(x):
    x&=(1<<64)-1; o=b''
    while x>=128: o+=bytes([x&127|128]); x>>=7
    return o+bytes([x])
def f(n,v): return vi(n<<3)+vi(v)
def b(n,s): return vi(n<<3|2)+vi(len(s))+s
class P:
    def __init__(s): s.st=[b'']; s.body=b''
    def s(s,t):
        t=t.encode() if isinstance(t,str) else t
        if t not in s.st: s.st.append(t)
        return s.st.index(t)
    def done(s,name):
        open(name,'wb').write(s.body+b''.join(b(6,t) for t in s.st))
def make(name,types,samples,period=('cpu','nanoseconds'),periodv=100,time=0,dur=0,default='',comments=(),maps=((1,0x1000,0x5000,0,'/bin/a','id1'),),locs=None,drop='',doc=''):
    p=P()
    for t,u in types: p.body+=b(1,f(1,p.s(t))+f(2,p.s(u)))
    fn={}
    for stack,vals,labels in samples:
        body=b''
        for l in stack: body+=f(1,l)
        for v in vals: body+=f(2,v)
        for k,v in labels:
            if isinstance(v,str): body+=b(3,f(1,p.s(k))+f(2,p.s(v)))
            else: body+=b(3,f(1,p.s(k))+f(3,v[0])+(f(4,p.s(v[1])) if v[1] else b''))
        p.body+=b(2,body)
    for m in maps: p.body+=b(3,f(1,m[0])+f(2,m[1])+f(3,m[2])+f(4,m[3])+f(5,p.s(m[4]))+f(6,p.s(m[5])))
    locs=locs or {1:(1,0x1100,[('f',10,0)]),2:(1,0x1200,[('g',20,0)]),3:(1,0x1300,[('main',1,0)])}
    ids={}
    for i,(m,a,ls) in locs.items():
        body=f(1,i)+f(2,m)+f(3,a)
        for n,l,c in ls:
            ids.setdefault(n,len(ids)+1)
            body+=b(4,f(1,ids[n])+f(2,l)+f(3,c))
        p.body+=b(4,body)
    for n,i in ids.items(): p.body+=b(5,f(1,i)+f(2,p.s(n))+f(3,p.s(n))+f(4,p.s(n+'.go')))
    if drop: p.body+=f(7,p.s(drop))
    p.body+=f(9,time)+f(10,dur)
    if period: p.body+=b(11,f(1,p.s(period[0]))+f(2,p.s(period[1])))
    p.body+=f(12,periodv)
    for c in comments: p.body+=f(13,p.s(c))
    if default: p.body+=f(14,p.s(default))
    if doc: p.body+=f(15,p.s(doc))
    p.done(name)
SC=('samples','count'); NS=('cpu','nanoseconds'); MS=('cpu','milliseconds'); US=('cpu','us')
S1=[((1,3),(1,1000000),[]),((2,3),(2,2000000),[('k','v')]),((1,3),(3,0),[])]
make('ns.pb',[SC,NS],S1,time=50,dur=10,comments=('x','y'),doc='http://a/b')
make('ns2.pb',[SC,NS],[((2,3),(5,7000000),[('k','w')]),((2,3),(0,0),[]),((1,3),(-1,-1000000),[])],time=20,dur=20,comments=('y','z'),default='samples')
make('ms.pb',[SC,MS],[((1,3),(5,0),[]),((2,3),(2,7),[('b',(5,'')),('b',(6,'kb'))])],period=('cpu','milliseconds'),periodv=10,time=70)
make('notime.pb',[SC,NS],S1)
make('noperiod.pb',[SC,NS],S1,period=None)
make('space.pb',[('space','bytes')],[((1,),(5,),[])],period=('space','bytes'))
make('spacecpu.pb',[('samples','bytes'),NS],[((1,),(5,6),[])])
make('swapped.pb',[NS,SC],[((1,3),(1000000,1),[]),((2,3),(99,7),[])],default='cpu')
make('three.pb',[SC,('x','count'),NS],[((1,3),(1,2,3),[]),((2,3),(0,9,0),[]),((3,),(1,1,1),[])],default='x')
make('dup.pb',[SC,SC,NS],[((1,3),(1,2,3),[])])
make('dup2.pb',[SC,SC,NS],[((1,3),(1,2,3),[]),((2,),(1,0,0),[])])
make('cpus.pb',[SC,NS],S1,period=('cpus','nanoseconds'))
make('aslr.pb',[SC,NS],[((1,3),(1,5),[]),((4,),(1,7),[])],maps=((7,0x8000000,0x80000f0,0x10,'/lib/x.so',''),(3,0x101000,0x104f00,0,'/other','id1')),locs={1:(3,0x101100,[('f',10,0)]),3:(3,0x101300,[('main',1,0)]),4:(7,0x8000010,[])})
make('nomap.pb',[SC,NS],S1,maps=())
make('cols.pb',[SC,NS],[((1,3),(1,5),[]),((2,3),(1,7),[]),((4,3),(2,9),[])],locs={1:(1,0x1100,[('f',10,1),('h',5,4)]),2:(1,0x1100,[('f',10,2),('h',5,4)]),4:(1,0x1100,[('f',10,2),('h',5,5)]),3:(1,0x1300,[('main',1,0)])})
make('big.pb',[SC,NS],[((1,3),(1,9007199254740993),[]),((2,3),(1,-9223372036854775808),[])])
make('dropf.pb',[SC,NS],S1,drop='f')
make('dropg.pb',[SC,NS],S1,drop='g')
make('base.pb',[SC,NS],[((1,3),(1,400000),[]),((2,3),(9,1000000),[('pprof::base','x'),('pprof::base','y')])],time=5)
make('url.pb',[SC,NS],S1,maps=((1,0x1000,0x5000,0,'http://x/y',''),(2,0x6000,0x7000,0,'C:\\a b','')))
make('hours.pb',[SC,('cpu','hours')],[((1,3),(1,2),[]),((2,3),(4,0),[])],period=('cpu','hours'),periodv=1)
make('empty.pb',[SC,NS],[])
make('zero.pb',[SC,NS],[((1,3),(0,0),[])])
# The head of an executable that pprof takes for one: an ELF file without sections.
open('exe','wb').write(b'\x7fELF\2\1\1'+bytes(9)+struct.pack('<HHIQQQIHHHHHH',2,62,1,0,0,0,0,64,56,0,64,0,0))

HEAP = [("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"), ("inuse_space", "bytes")]
PLACES = {1: (1, 0x1100, [("runtime.mallocgc", 10, 2)]), 2: (1, 0x1200, [("inlined", 7, 3), ("main.(*T).work", 20, 4)]),
    3: (1, 0x1300, [("main.main", 1, 5)]), 4: (1, 0x1400, [("bytes.growSlice", 30, 0)])}
make("mem.pb", HEAP, [((1, 2, 3), (4, 4096, 2, 2048), [("bytes", (1024, "bytes"))]),
    ((4, 3), (9, 900000, 3, 300000), [("bytes", (100000, "bytes")), ("k", "v")]),
    ((2, 3), (1, 64, 1, 64), [("bytes", (64, "bytes"))])], period=("space", "bytes"), time=1700000000123456789, default="inuse_space", locs=PLACES)
make("delay.pb", [("contentions", "count"), ("delay", "nanoseconds")],
    [((1, 2, 3), (3, 1000000), []), ((4, 3), (2, 70000000), [])], period=("contentions", "count"), dur=1000000000, locs=PLACES)

# Arguments as they stand on the command line.
CASES = r"""
-top -cum mem.pb
-top -cum -flat mem.pb
-top -lines -files mem.pb
-top -proto mem.pb
-top -peek=x mem.pb
-top -nodecount=x mem.pb
-top -nodecount= mem.pb
-top -nodecount 3 mem.pb
-top -nodecount=0x3 mem.pb
-top -nodecount=010 mem.pb
-top -nodecount=1_0 mem.pb
-top -nodecount=-7 mem.pb
-top -nodecount=1e3 mem.pb
-top -nodecount=99999999999999999999 mem.pb
-top -nodefraction=inf mem.pb
-top -nodefraction=0x1p-4 mem.pb
-top -nodefraction=nan mem.pb
-top -nodefraction=abc mem.pb
-top -nodefraction=1e999 mem.pb
-top -nodefraction=-1 mem.pb
-top -edgefraction=.5 mem.pb
-top -divide_by=0 mem.pb
-top -divide_by=-2 mem.pb
-top -divide_by=2.5 mem.pb
-top -divide_by=inf mem.pb
-top -trim=false mem.pb
-top -trim=maybe mem.pb
-top -trim=F mem.pb
-bogus mem.pb
-top -focus
-top ---x mem.pb
-top -=x mem.pb
-top -focus=( mem.pb
-top -focus=a** mem.pb
-top -ignore=[z-a] mem.pb
-top -show=(?x) mem.pb
-top -show_from=x{1001} mem.pb
-top -prune_from=) mem.pb
-top -tagfocus=( mem.pb
-top -tagfocus=k=( mem.pb
-top -tagshow=( mem.pb
-top -taghide=[ mem.pb
-top -tagignore=1kb: mem.pb
-top -tagfocus=bytes=1kb: mem.pb
-top -relative_percentages -focus=( -sample_index=nope mem.pb
-top -focus=( -sample_index=nope mem.pb
-top -sample_index=nope mem.pb
-top -sample_index=9 mem.pb
-top -sample_index=-1 mem.pb
-top -sample_index=+1 mem.pb
-top -sample_index=0x1 mem.pb
-top -sample_index=00 mem.pb
-top -sample_index=99999999999999999999999 mem.pb
-top -sample_index=inuse_objects mem.pb
-top -sample_index=inuse_alloc_space mem.pb
-top -inuse_space -alloc_space mem.pb
-top -alloc_objects -sample_index=0 mem.pb
-top -total_delay delay.pb
-top -mean_delay delay.pb
-top -contentions -mean_delay delay.pb
-top -mean delay.pb
-top -contentions mem.pb
-top -unit=kb mem.pb
-top -unit=auto mem.pb
-top -unit= mem.pb
-top -unit=foo mem.pb
-top -base=mem.pb -diff_base=mem.pb mem.pb
-top -base= -diff_base=mem.pb mem.pb
-top -normalize mem.pb
-top -normalize -base=mem.pb mem.pb
-top -normalize -diff_base=mem.pb mem.pb
-top exe mem.pb
-top -buildid=abc exe mem.pb
-top -buildid=abc nomap.pb
-top -proto exe nomap.pb
-proto exe nomap.pb
-proto -buildid=abc nomap.pb ns.pb
-proto -all_frames dropf.pb
-proto dropf.pb dropg.pb
-proto dropg.pb dropf.pb
-proto -all_frames dropf.pb dropg.pb
-proto -add_comment=hello ns.pb ns2.pb
-top -add_comment=hello ns.pb
-top -add_comment=#hello ns.pb
-top -http=:0 mem.pb
-no_browser -top mem.pb
-top -seconds=5 -timeout=7 -tools=/x -tls_cert=a -tls_key=b -tls_ca=c mem.pb
-top -seconds=x mem.pb
-top -call_tree -intel_syntax -source_path=/a -trim_path=/b mem.pb
-top -noinlines -showcolumns -lines mem.pb
-top -compact_labels -drop_negative mem.pb
-top -functions mem.pb
-top -addresses mem.pb
-top -filefunctions mem.pb
-top -tagroot=bytes mem.pb
-top -tagleaf=nokey mem.pb
-top -tagroot=nokey -focus=main mem.pb
-top -focus=nomatch -ignore=nomatch2 -hide=nomatch3 mem.pb
-top -show=nomatch mem.pb
-top -tagshow=nomatch -taghide=bytes mem.pb
-top -cum=false -flat=false mem.pb
-top -- mem.pb
-top -focus=\pX mem.pb
-top -focus=(?i)MALLOC mem.pb
-top -focus=\Qmain.( mem.pb
-top -focus=é mem.pb
-top -focus=^[^a-z] mem.pb
-proto -divide_by=1e-30 big.pb
-proto -divide_by=3 big.pb
-proto -relative_percentages -focus=f ns.pb
-top -diff_base=ns.pb ns2.pb
-top -base=ns.pb -sample_index=0 ns2.pb ms.pb
-top -peek=( mem.pb
-top -nodefraction=-inf mem.pb
-top -nodefraction=1e300 mem.pb
-top -edgefraction=inf mem.pb
-top -divide_by=1e-300 mem.pb
-top -divide_by=nan mem.pb
-top -nodecount=3 -nodefraction=0 -edgefraction=0 mem.pb
-top -divide_by=-inf mem.pb
-proto -divide_by=nan mem.pb
-proto -divide_by=1e-300 mem.pb
-proto -divide_by=inf mem.pb
-top -focus=a -focus=b mem.pb
-top --focus=a mem.pb
-top -mean -sample_index=0 mem.pb
-top mem.pb mem.pb
-text -cum mem.pb
""".strip().split("\n")

PROFILES = ["ns.pb", "ns2.pb", "ms.pb", "hours.pb", "notime.pb", "noperiod.pb", "space.pb", "spacecpu.pb",
    "swapped.pb", "three.pb", "dup.pb", "dup2.pb", "cpus.pb", "aslr.pb", "nomap.pb", "cols.pb", "big.pb",
    "dropf.pb", "base.pb", "url.pb", "empty.pb", "zero.pb"]
for name in PROFILES:
    CASES.append("-proto " + name)
for i, (a, b) in enumerate(itertools.product(PROFILES, PROFILES)):
    if i % 5 == 0:
        CASES.append(f"-proto {a} {b}")
    if i % 7 == 0:
        CASES.append(f"-proto -base={a} {b}")
    if i % 11 == 0:
        CASES.append(f"-proto -diff_base={a} {b} {PROFILES[i % len(PROFILES)]}")
    if i % 13 == 0:
        CASES.append(f"-proto -normalize -base={a} {b}")

ENVIRONMENT = {"TZ": "UTC", "PPROF_BINARY_PATH": "/nonexistent", "HOME": "/nonexistent", "TERM": "dumb"}

def run(case):
    words = [sys.argv[1], "-symbolize=none"] + shlex.split(case)
    done = subprocess.run(words, capture_output=True, stdin=subprocess.DEVNULL, env=ENVIRONMENT)
    said = done.stderr.decode().split("usage:\n")[0]
    result = {"args": shlex.split(case), "fails": done.returncode != 0, "stderr": said}
    if done.stdout[:2] == b"\x1f\x8b":
        result["proto"] = gzip.decompress(done.stdout).hex()
    else:
        result["stdout"] = done.stdout.decode()
    return result

with open("expected.jsonl", "w") as out:
    for case in CASES:
        first = run(case)
        # Ties that pprof breaks by map order, and addresses in its messages.
        if all(run(case) == first for _ in range(3)):
            out.write(json.dumps(first) + "\n")
        else:
            print("varies:", case)
