package dev.fixpoint.examples.peer;

import dev.fixpoint.examples.Digits;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Runs the same ONNX files in ONNX Runtime and in this project, in turns, and prints medians as
 * lines of a Markdown table.
 *
 * <p>Options: {@code --networks=a,b} (default all), {@code --forms=float,int8,left-in,fake-quant,
 * dynamic} (default all), {@code --threads=1,2}, {@code --seconds=2} that each contestant is
 * measured, {@code --worst=5} steps to list. One thread is measured by its processor time, several
 * by the time of day.
 *
 * <p>The columns with a slash say how many times as fast ours is as the other.
 */
public final class PeerBenchmark {
  /** The forms of a network that can be chosen. */
  static final List<String> FORMS = List.of("float", "int8", "left-in", "fake-quant", "dynamic");

  private static final int ROUNDS = 8;
  private static final double LEAST_WARM_UP = 2;

  private final PrintStream out;
  private final double seconds;
  private final int worst;
  private final Set<String> forms;
  private boolean hasHeader;

  private PeerBenchmark(PrintStream out, double seconds, int worst, Set<String> forms) {
    this.out = out;
    this.seconds = seconds;
    this.worst = worst;
    this.forms = forms;
  }

  /** Runs the benchmark. */
  public static void main(String[] arguments) {
    Map<String, String> options = new HashMap<>();
    for (String argument : arguments) {
      String[] parts = argument.replaceFirst("^--", "").split("=", 2);
      options.put(parts[0], parts.length == 2 ? parts[1] : "");
    }
    Map<String, Supplier<Graph>> networks = networks();
    String chosen = options.getOrDefault("networks", String.join(",", networks.keySet()));
    PeerBenchmark benchmark =
        new PeerBenchmark(
            System.out,
            Double.parseDouble(options.getOrDefault("seconds", "2")),
            Integer.parseInt(options.getOrDefault("worst", "0")),
            Set.of(options.getOrDefault("forms", String.join(",", FORMS)).split(",")));
    for (String threads : options.getOrDefault("threads", "1,2").split(",")) {
      for (String name : chosen.split(",")) {
        Supplier<Graph> network = networks.get(name);
        if (network == null) {
          throw new IllegalArgumentException(
              "there is no network '" + name + "'; there are " + networks.keySet());
        }
        benchmark.run(name, network.get(), Integer.parseInt(threads));
      }
    }
  }

  /** All networks by name; those of the data folder only where there is one. */
  static Map<String, Supplier<Graph>> networks() {
    Map<String, Supplier<Graph>> networks = new LinkedHashMap<>();
    networks.put("matmul_512", () -> Networks.matMul(512));
    networks.put("fully_connected_1024", () -> Networks.fullyConnected(1024));
    networks.put("depthwise_56_144", () -> Networks.depthwise(56, 144));
    networks.put("depthwise_14_384", () -> Networks.depthwise(14, 384));
    for (String digits : List.of("mlp", "rescnn", "mobile", "vit")) {
      networks.put("digits_" + digits, () -> OnnxReader.read(Digits.model(digits)));
    }
    networks.put("transformer", () -> Networks.transformer(128, 512, 8, 2048));
    networks.put("squeezenet", Networks::squeezeNet);
    networks.put("mobilenet_v2", Networks::mobileNetV2);
    networks.put("resnet18", Networks::resNet18);
    networks.put("resnet50", Networks::resNet50);
    Path zoo = Path.of(System.getProperty("fixpoint.data", "../shared/data"), "zoo");
    for (String name : List.of("squeezenet1_1", "mobilenet_v2")) {
      Path file = zoo.resolve(name + ".onnx");
      if (Files.exists(file)) {
        networks.put("zoo_" + name, () -> read(file));
      }
    }
    return networks;
  }

  private static Graph read(Path file) {
    try {
      return OnnxReader.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Batches of one drawn for the inputs of a graph; open dimensions are 1. */
  static List<Map<String, Tensor>> batches(Graph graph, int count) {
    Random random = new Random(7);
    List<Map<String, Tensor>> batches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, Tensor> batch = new HashMap<>();
      for (Value input : graph.inputs()) {
        long[] sizes =
            graph.type(input).shape().dimensions().stream()
                .mapToLong(d -> d instanceof Dimension.Fixed fixed ? fixed.size() : 1)
                .toArray();
        Shape shape = Shape.of(sizes);
        float[] values = new float[Math.toIntExact(shape.elementCount())];
        for (int k = 0; k < values.length; k++) {
          values[k] = (float) random.nextGaussian();
        }
        batch.put(input.name(), Tensor.ofFloats(shape, values));
      }
      batches.add(batch);
    }
    return batches;
  }

  private void run(String name, Graph model, int threads) {
    List<Contestant> contestants = contestants(model, batches(model, 2), threads, forms);
    try {
      contestants.forEach(contestant -> contestant.warmUp(Math.max(LEAST_WARM_UP, seconds)));
      for (int round = 0; round < ROUNDS; round++) {
        contestants.forEach(contestant -> contestant.measure(seconds / ROUNDS));
      }
      report(name, threads, contestants);
    } finally {
      contestants.forEach(Contestant::close);
    }
  }

  /** Everything that runs in turns; a form that the peer and ours share comes from one file. */
  static List<Contestant> contestants(
      Graph model, List<Map<String, Tensor>> batches, int threads, Set<String> chosen) {
    Map<String, Tensor> inputs = batches.getFirst();
    Forms forms = new Forms(model, batches);
    List<Contestant> all = new ArrayList<>();
    if (chosen.contains("float")) {
      byte[] real = forms.floatFile();
      all.add(Contestant.ours("float", Forms.optimized(real), inputs, threads));
      all.add(Contestant.peer("float, peer", real, inputs, threads));
    }
    if (chosen.contains("int8")) {
      byte[] exact = forms.folded(Forms.EXACT);
      all.add(Contestant.ours("int8", Forms.lowered(exact), inputs, threads));
      all.add(Contestant.peer("u8u8, peer", exact, inputs, threads));
      all.add(Contestant.peer("u8s8, peer", forms.folded(Forms.SATURATING), inputs, threads));
    }
    if (chosen.contains("left-in")) {
      byte[] leftIn = forms.leftIn(Forms.EXACT);
      all.add(Contestant.ours("norm left in", Forms.lowered(leftIn), inputs, threads));
      all.add(Contestant.peer("norm left in, peer", leftIn, inputs, threads));
      all.add(Contestant.ours("int8 unfused", Forms.unfused(leftIn), inputs, threads));
      all.add(Contestant.ours("fake-quant, left in", Forms.simulated(leftIn), inputs, threads));
    }
    if (chosen.contains("fake-quant")) {
      byte[] exact = forms.folded(Forms.EXACT);
      all.add(Contestant.ours("fake-quant", Forms.optimized(exact), inputs, threads));
    }
    if (chosen.contains("dynamic")) {
      byte[] dynamic = forms.dynamic(Forms.SATURATING);
      all.add(Contestant.ours("dynamic", Forms.lowered(dynamic), inputs, threads));
      all.add(Contestant.peer("dynamic, peer", dynamic, inputs, threads));
    }
    return all;
  }

  private void report(String name, int threads, List<Contestant> contestants) {
    Map<String, Double> medians = new LinkedHashMap<>();
    contestants.forEach(contestant -> medians.put(contestant.name(), contestant.median()));
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("network", name);
    columns.put("threads", String.valueOf(threads));
    medians.forEach((column, millis) -> columns.put(column, figure(millis)));
    columns.put("float / peer", ratio(medians, "float, peer", "float"));
    columns.put("int8 / u8u8", ratio(medians, "u8u8, peer", "int8"));
    columns.put("int8 / u8s8", ratio(medians, "u8s8, peer", "int8"));
    columns.put("left in / peer", ratio(medians, "norm left in, peer", "norm left in"));
    columns.put("dynamic / peer", ratio(medians, "dynamic, peer", "dynamic"));
    columns.put("int8 / float", ratio(medians, "float", "int8"));
    if (!hasHeader) {
      hasHeader = true;
      out.println("| " + String.join(" | ", columns.keySet()) + " |");
      out.println("| --- " + "| ---: ".repeat(columns.size() - 1) + "|");
    }
    out.println("| " + String.join(" | ", columns.values()) + " |");
    for (Contestant contestant : contestants) {
      for (String step : contestant.worstSteps(worst)) {
        out.println("<!-- " + contestant.name() + ": " + step + " -->");
      }
    }
  }

  private static String figure(double millis) {
    return millis < 1 ? "%.4f".formatted(millis) : "%.2f".formatted(millis);
  }

  /** How many times as fast the second is. */
  private static String ratio(Map<String, Double> medians, String first, String second) {
    Double slow = medians.get(first);
    Double fast = medians.get(second);
    return slow == null || fast == null ? "" : "%.2f".formatted(slow / fast);
  }
}
