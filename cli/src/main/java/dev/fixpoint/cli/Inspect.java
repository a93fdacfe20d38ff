package dev.fixpoint.cli;

import dev.fixpoint.cli.report.GraphPicture;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpaqueOp;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a model is made of, and with {@code --plan} how it would run. */
@Command(name = "inspect", description = "Shows what a model is made of.")
final class Inspect implements Callable<Integer> {
  private static final int[] WIDTHS = {32, 16, 8, 4};
  // Share of memory that is not parameters, as in P·Q/8·1.2.
  private static final double OVERHEAD = 1.2;
  private static final Set<ElementType> NOT_PARAMETERS =
      EnumSet.of(ElementType.INT64, ElementType.BOOL, ElementType.STRING);

  @Mixin private final Console console = new Console();

  @Parameters(paramLabel = "MODEL", description = "The model to look at.")
  private Path model = Path.of("");

  @Option(
      names = "--plan",
      description = "Also the steps, layouts and memory of a run; symbolic dimensions count 1.")
  private boolean plan;

  @Option(
      names = "--picture",
      paramLabel = "OUT.svg",
      description = "Also draws the graph; what only computes constants is left out.")
  private @Nullable Path picture;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    Graph graph = ModelFile.read(model);
    long bytes = Failure.naming(model, () -> Files.size(model));
    ModelInfo info = ModelFile.info(model, graph);
    draw(graph);
    Map<String, Object> facts = facts(graph, info, bytes);
    PlanReport report = plan ? PlanReport.of(model, graph) : null;
    if (report != null) {
      facts.put("plan", report.json());
    }
    if (json) {
      console.json(facts);
      return Main.DONE;
    }
    print(graph, info, bytes);
    if (report != null) {
      report.print(console);
    }
    return Main.DONE;
  }

  private void draw(Graph graph) {
    Path file = picture;
    if (file != null) {
      String svg = GraphPicture.of(Map.of(String.valueOf(model.getFileName()), graph));
      OutputFile.write(file, beside -> Files.writeString(beside, svg));
    }
  }

  private Map<String, Object> facts(Graph graph, ModelInfo info, long bytes) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("file", model.toString());
    facts.put("bytes", bytes);
    facts.put("ir_version", info.irVersion());
    facts.put("opsets", opsets(info));
    facts.put("producer", producer(info));
    facts.put("inputs", ports(graph, graph.inputs()));
    facts.put("outputs", ports(graph, graph.outputs()));
    facts.put("nodes", graph.nodes().size());
    facts.put("operators", operators(graph));
    facts.put("parameters", parameters(graph));
    Map<String, Long> memory = new LinkedHashMap<>();
    for (int width : WIDTHS) {
      memory.put(Integer.toString(width), memory(parameters(graph), width));
    }
    facts.put("memory_bytes", memory);
    facts.put("unsupported", unsupported(graph));
    return facts;
  }

  private void print(Graph graph, ModelInfo info, long bytes) {
    console.line(model + ": " + Figures.count(bytes) + " bytes, " + producer(info));
    opsets(info).forEach((domain, opset) -> console.line("opset    " + domain + " " + opset));
    graph.inputs().forEach(v -> console.line("input    " + v.name() + " " + graph.type(v)));
    graph.outputs().forEach(v -> console.line("output   " + v.name() + " " + graph.type(v)));
    console.line("");
    Table operators = new Table("lr", "operator", "count");
    operators(graph).forEach((name, count) -> operators.row(name, Figures.count(count)));
    operators.print(console);
    console.line("");
    long parameters = parameters(graph);
    console.line(
        Figures.count(parameters) + " parameters; memory for parameters and a fifth more:");
    Table memory = new Table("rr", "bits", "bytes");
    for (int width : WIDTHS) {
      memory.row(Integer.toString(width), Figures.count(memory(parameters, width)));
    }
    memory.print(console);
    for (Map<String, String> item : unsupported(graph)) {
      console.line(
          Terminal.OUT.styled("yellow", "unsupported: ")
              + item.get("node")
              + ": "
              + item.get("reason"));
    }
  }

  private static String producer(ModelInfo info) {
    String text = (info.producerName() + " " + info.producerVersion()).strip();
    return text.isEmpty() ? "unknown producer" : text;
  }

  private static Map<String, Long> opsets(ModelInfo info) {
    Map<String, Long> named = new LinkedHashMap<>();
    info.opsets()
        .forEach((domain, opset) -> named.put(domain.isEmpty() ? "ai.onnx" : domain, opset));
    return named;
  }

  private static List<Map<String, String>> ports(Graph graph, List<Value> values) {
    return values.stream()
        .map(value -> Map.of("name", value.name(), "type", graph.type(value).toString()))
        .toList();
  }

  private static Map<String, Long> operators(Graph graph) {
    Map<String, Long> counts = new TreeMap<>();
    graph.nodes().forEach(node -> counts.merge(node.opId().toString(), 1L, Long::sum));
    return counts;
  }

  private static long parameters(Graph graph) {
    return graph.initializers().values().stream()
        .filter(tensor -> !NOT_PARAMETERS.contains(tensor.elementType()))
        .mapToLong(Tensor::elementCount)
        .sum();
  }

  /** Bytes for {@code P} parameters of {@code Q} bits with what else a run takes: P·Q/8·1.2. */
  static long memory(long parameters, int width) {
    return Math.round(parameters * (width / (double) Byte.SIZE) * OVERHEAD);
  }

  private static List<Map<String, String>> unsupported(Graph graph) {
    List<Map<String, String>> found = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof OpaqueOp) {
        Map<String, String> item = new LinkedHashMap<>();
        item.put("node", node.describe());
        item.put("operator", node.opId().toString());
        item.put("reason", "the operator has no definition here: it is kept, but cannot run");
        found.add(item);
      }
    }
    return found;
  }
}
