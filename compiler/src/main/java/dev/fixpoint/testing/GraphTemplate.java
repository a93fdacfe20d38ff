package dev.fixpoint.testing;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.OnnxReadOptions;
import dev.fixpoint.onnx.internal.AssemblyOptions;
import dev.fixpoint.onnx.internal.TextTemplate;
import dev.fixpoint.op.OpRegistry;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A graph in ONNX text with named sizes and with constants that have a type and no values; drawn at
 * random it is a graph. Whether the sizes fit each other shows only then: a draw can fail.
 *
 * <p>Sizes whose name begins with a small letter stay symbolic where asked, the others are numbers.
 */
public final class GraphTemplate {
  private static final int LARGEST_SIZE = 6;
  private static final long MOST_ELEMENTS = 4096;

  private final TextTemplate template;

  private GraphTemplate(TextTemplate template) {
    this.template = template;
  }

  /**
   * A draw.
   *
   * @param graph the graph
   * @param sizes the sizes by name
   */
  public record Draw(Graph graph, Map<String, Long> sizes) {
    /** Keeps an immutable copy. */
    public Draw {
      sizes = Map.copyOf(sizes);
    }
  }

  /**
   * The template that a text is; its operators have to be known.
   *
   * @param name name of the text, for messages
   * @throws ModelException if it is none; the message begins with the place
   */
  public static GraphTemplate parse(String name, String text) {
    return parse(name, text, OnnxReadOptions.DEFAULT.registry());
  }

  /**
   * As {@link #parse(String, String)}, with other operators.
   *
   * @param registry the operators that the text may call
   */
  public static GraphTemplate parse(String name, String text, OpRegistry registry) {
    return new GraphTemplate(TextTemplate.parse(name, text, new AssemblyOptions(registry, false)));
  }

  /** The names of the constants without values. */
  public Set<String> openConstants() {
    return template.constants().keySet();
  }

  /**
   * Draws sizes from 1 to 6 and constants of all kinds.
   *
   * @param symbolic whether sizes whose name begins with a small letter stay symbolic
   * @return nothing where the sizes do not fit each other
   */
  public Optional<Draw> draw(SplittableRandom random, boolean symbolic) {
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (String name : template.sizes()) {
      if (!symbolic || !Character.isLowerCase(name.charAt(0))) {
        sizes.put(name, 1L + random.nextInt(LARGEST_SIZE));
      }
    }
    try {
      return Optional.of(new Draw(with(sizes, random), sizes));
    } catch (ModelException e) {
      return Optional.empty();
    }
  }

  /**
   * The graph with given sizes and drawn constants.
   *
   * @throws ModelException if the sizes do not fit each other
   */
  public Graph with(Map<String, Long> sizes, SplittableRandom random) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    template
        .constants()
        .forEach((name, type) -> values.put(name, constant(name, type, sizes, random)));
    return template.graph(sizes, values);
  }

  private static Tensor constant(
      String name, TensorType written, Map<String, Long> sizes, SplittableRandom random) {
    TensorType type = TextTemplate.with(written, sizes);
    if (!type.shape().isStatic()) {
      throw new ModelException(
          "constant '" + name + "' is of type " + type + "; give all of its sizes");
    }
    if (type.shape().elementCount() > MOST_ELEMENTS) {
      throw new ModelException("constant '" + name + "' has too many elements for a test");
    }
    return Draws.constant(type, random);
  }
}
