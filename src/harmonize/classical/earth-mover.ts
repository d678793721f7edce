/** What is left of a supply, a demand or a flow below this is rounding. */
const NOTHING = 1e-12;

/** The cheapest transport: `flow[i·m + j]` from supply i to demand j, and what it costs. */
export interface Transport {
  readonly flow: Float64Array;
  readonly cost: number;
}

/**
 * The earth mover's distance (Rubner, Tomasi and Guibas, IJCV 40(2), 2000): the transport of `supply` (n numbers) to
 * `demand` (m numbers, the same sum) of the least cost, `cost[i·m + j] ≥ 0` a unit. Exact: successive shortest paths
 * with node potentials (Edmonds and Karp 1972), Dijkstra's on a dense graph.
 */
export function moveEarth(supply: Float64Array, demand: Float64Array, cost: Float64Array): Transport {
  const n = supply.length;
  const m = demand.length;
  const flow = new Float64Array(n * m);
  const left = Float64Array.from(supply);
  const open = Float64Array.from(demand);
  const potential = new Float64Array(n + m);
  const distance = new Float64Array(n + m);
  const from = new Int32Array(n + m);
  const done = new Uint8Array(n + m);

  /** Reduced distance of the sink that every open demand leads to, and its potential. */
  let sink = { distance: Infinity, demand: -1 };
  let sinkPotential = 0;

  /** Shortest reduced distances from every supply that has something left, as far as the sink. */
  const search = (): void => {
    done.fill(0);
    from.fill(-1);
    sink = { distance: Infinity, demand: -1 };
    for (let v = 0; v < n + m; v++) distance[v] = v < n && left[v]! > NOTHING ? -potential[v]! : Infinity;
    for (;;) {
      let v = -1;
      for (let w = 0; w < n + m; w++) if (!done[w] && (v < 0 || distance[w]! < distance[v]!)) v = w;
      if (v < 0 || distance[v]! >= sink.distance) return;
      done[v] = 1;
      if (v < n) {
        for (let j = 0; j < m; j++) relax(v, n + j, cost[v * m + j]!);
        continue;
      }
      if (open[v - n]! > NOTHING) {
        const reached = distance[v]! + Math.max(0, potential[v]! - sinkPotential);
        if (reached < sink.distance) sink = { distance: reached, demand: v };
      }
      for (let i = 0; i < n; i++) {
        if (flow[i * m + v - n]! > NOTHING) relax(v, i, -cost[i * m + v - n]!);
      }
    }
  };
  const relax = (v: number, w: number, price: number) => {
    // Rounding may make a reduced cost a hair negative.
    const reached = distance[v]! + Math.max(0, price + potential[v]! - potential[w]!);
    if (done[w] || reached >= distance[w]!) return;
    distance[w] = reached;
    from[w] = v;
  };

  for (;;) {
    search();
    const end = sink.demand;
    if (end < 0) break;
    for (let v = 0; v < n + m; v++) potential[v]! += Math.min(distance[v]!, sink.distance);
    sinkPotential += sink.distance;
    let amount = open[end - n]!;
    let start = end;
    for (let v = end; from[v]! >= 0; v = from[v]!) {
      const u = from[v]!;
      if (v < n) amount = Math.min(amount, flow[v * m + u - n]!);
      start = u;
    }
    amount = Math.min(amount, left[start]!);
    for (let v = end; from[v]! >= 0; v = from[v]!) {
      const u = from[v]!;
      if (v < n) flow[v * m + u - n]! -= amount;
      else flow[u * m + v - n]! += amount;
    }
    left[start]! -= amount;
    open[end - n]! -= amount;
  }
  let total = 0;
  for (let i = 0; i < flow.length; i++) total += flow[i]! * cost[i]!;
  return { flow, cost: total };
}
