// How to get a profile: what to run, by where the program runs.

/** One thing to copy. */
export interface Step {
  /** What the code does; may be empty when the recipe says it. */
  about: string;
  /** Commands or source, as they are copied. */
  code: string;
}

/** One way to a profile. */
export interface Recipe {
  /** Heading. */
  title: string;
  /** The steps. */
  steps: readonly Step[];
  /** What to know; may be empty. */
  note: string;
}

/** The recipes, the commonest first. */
export const RECIPES: readonly Recipe[] = [
  {
    title: 'Tests and benchmarks',
    steps: [
      {
        about: 'CPU time and allocations',
        code: "go test -run='^$' -bench=. -benchmem -cpuprofile=cpu.prof -memprofile=mem.prof .",
      },
      {
        about: 'Waiting: channels and locks',
        code: "go test -run='^$' -bench=. -blockprofile=block.prof -mutexprofile=mutex.prof .",
      },
    ],
    note: 'One package at a time. Profile flags cost a little speed, so take the benchmark’s own numbers from a run without them.',
  },
  {
    title: 'A running service',
    steps: [
      {
        about: 'In the program, once',
        code: 'import _ "net/http/pprof"\n\ngo func() { log.Println(http.ListenAndServe("localhost:6060", nil)) }()',
      },
      {
        about: 'Then, under real load',
        code: [
          "curl -o cpu.pb.gz 'http://localhost:6060/debug/pprof/profile?seconds=30'",
          "curl -o heap.pb.gz 'http://localhost:6060/debug/pprof/heap'",
          "curl -o allocs.pb.gz 'http://localhost:6060/debug/pprof/allocs?seconds=30'",
          "curl -o goroutine.pb.gz 'http://localhost:6060/debug/pprof/goroutine'",
        ].join('\n'),
      },
      {
        about: 'Block and mutex profiles are empty until switched on',
        code: 'runtime.SetBlockProfileRate(10_000) // one event per 10 µs blocked\nruntime.SetMutexProfileFraction(100) // 1 of 100 contentions',
      },
    ],
    note: 'seconds=30 on allocs, heap, block and mutex gives the difference over that time instead of everything since the start. Leave debug=1 out: its text is read too, but lacks the names of the runtime’s frames, which tell what goroutines wait for.',
  },
  {
    title: 'Your own program',
    steps: [
      {
        about: 'With runtime/pprof',
        code: `cpu, err := os.Create("cpu.pb.gz")
if err != nil {
	log.Fatal(err)
}
defer cpu.Close()
if err := pprof.StartCPUProfile(cpu); err != nil {
	log.Fatal(err)
}
defer pprof.StopCPUProfile()

// … the work …

heap, err := os.Create("heap.pb.gz")
if err != nil {
	log.Fatal(err)
}
defer heap.Close()
runtime.GC() // so that the heap is what is still in use
if err := pprof.Lookup("heap").WriteTo(heap, 0); err != nil {
	log.Fatal(err)
}`,
      },
    ],
    note: 'A few seconds of work give a few hundred samples: enough to see the large things. log.Fatal and os.Exit skip deferred calls, so the profile is cut short when the program ends that way.',
  },
  {
    title: 'Execution traces',
    steps: [
      {
        about: 'Record',
        code: "go test -run='^$' -bench=. -trace=trace.out .\ncurl -o trace.out 'http://localhost:6060/debug/pprof/trace?seconds=5'",
      },
    ],
    note: 'A trace says why a program waits while the CPU is idle. Seconds are enough: traces grow by megabytes per second.',
  },
  {
    title: 'Other languages',
    steps: [
      {
        about: 'Rust, crate pprof with the protobuf-codec feature',
        code: 'let guard = pprof::ProfilerGuardBuilder::default().frequency(99).build()?;\n// … the work …\nlet profile = guard.report().build()?.pprof()?;\nprofile.write_to_writer(&mut std::fs::File::create("cpu.pb")?)?;',
      },
      {
        about: 'Node.js, package @datadog/pprof',
        code: "const profile = await pprof.time.profile({ durationMillis: 10_000 });\nfs.writeFileSync('cpu.pb.gz', await pprof.encode(profile));",
      },
      {
        about: 'Python, package pypprof',
        code: "from pypprof.net_http import start_pprof_server\nstart_pprof_server(port=8081)\n# curl -o cpu.pb.gz 'http://localhost:8081/debug/pprof/profile?seconds=30'",
      },
      {
        about: 'C and C++ with gperftools; pprof puts the names in',
        code: 'CPUPROFILE=prog.prof LD_PRELOAD=libprofiler.so ./prog\npprof -proto ./prog prog.prof > cpu.pb.gz',
      },
      {
        about: 'C, C++ and Rust with jemalloc; pprof puts the names in',
        code: 'MALLOC_CONF=prof:true,prof_final:true,prof_prefix:jeprof ./prog\npprof -proto ./prog jeprof.*.heap > heap.pb.gz',
      },
      {
        about: 'Whatever writes folded stacks, a line per stack, e.g. py-spy',
        code: 'py-spy record -f raw -o stacks.txt -- python prog.py',
      },
      {
        about: 'Linux perf, by perf_to_profile of perf_data_converter',
        code: 'perf record -F 99 -g -- ./prog\nperf_to_profile -i perf.data -o cpu.pb',
      },
    ],
    note: 'The files of gperftools and jemalloc open as they are, too, with addresses in place of names.',
  },
];
