package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Any function of one integer of 8 or 16 bits as a table of its results: {@code y = table[x &
 * 0xff]} of 256, or {@code y = table[x & 0xffff]} of 65,536. A table {@code [C, 256]} has a
 * function for each index of axis 1. A table of QuantizeLinear after the function after
 * DequantizeLinear makes the function exact in integers.
 */
public final class QTable implements OpDefinition {
  private static final Attribute<Long> TO = Attribute.ofInt("to");

  private static final Set<ElementType> TYPES =
      Types.union(Types.BYTES, Set.of(ElementType.INT16, ElementType.UINT16));

  /** Beyond so many pairs of entries, those of any distance count for the error. */
  private static final long MOST_PAIRS = 1 << 22;

  private static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("QTable"))
          .versions(1)
          .input("x", TYPES)
          .input("table", TYPES)
          .output("y", TYPES)
          .doc("A function of 8-bit or 16-bit values, looked up in a table.");

  /** Entries of the table of a function of such integers. */
  public static int size(ElementType type) {
    return 1 << type.bits();
  }

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape table = call.type(1).shape();
    Shape x = call.type(0).shape();
    int size = size(call.type(0).elementType());
    boolean fits =
        !table.isStatic()
            || table.rank() == 1 && table.size(0) == size
            || table.rank() == 2
                && table.size(1) == size
                && (!x.isRanked()
                    || x.rank() > 1 && x.dimension(1).isCompatibleWith(table.dimension(0)));
    if (!fits) {
      throw new IllegalArgumentException(
          "a table has "
              + size
              + " entries, or as many for each channel of "
              + x
              + ", not "
              + table);
    }
    return List.of(call.type(0).withElementType(call.type(1).elementType()));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    inferTypes(call);
    Tensor x = call.tensor(0);
    Tensor table = call.tensor(1);
    int size = size(x.elementType());
    int channels = channels(table.shape());
    long inner = channels == 1 ? 1 : x.elementCount() / (x.shape().size(0) * channels);
    int[] given = Quantized.integers(x);
    int[] entries = Quantized.integers(table);
    IntegerOutput y = new IntegerOutput(table.elementType(), x.shape());
    for (int i = 0; i < given.length; i++) {
      int channel = channels == 1 ? 0 : (int) (i / inner % channels);
      y.set(i, entries[channel * size + (given[i] & (size - 1))]);
    }
    return List.of(y.tensor());
  }

  private static int channels(Shape table) {
    return table.rank() == 2 ? table.intSize(0) : 1;
  }

  private interface OfChannel<T> {
    T of(Interval x, IntUnaryOperator entry);
  }

  /** Something of each channel's function, for what is known of the input. */
  private static <T> List<T> each(
      OpCall call, Tensor table, @Nullable Range range, OfChannel<T> function) {
    ElementType type = call.type(0).elementType();
    Interval x = StepTransfers.integers(range, type);
    int[] entries = Quantized.integers(table);
    int size = size(type);
    List<T> results = new ArrayList<>();
    for (int c = 0; c < channels(table.shape()); c++) {
      int from = c * size;
      results.add(function.of(x, value -> entries[from + (value & (size - 1))]));
    }
    return results;
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    Tensor table = call.constant(1);
    Interval all = StepTransfers.all(call.type(1).elementType());
    if (table == null) {
      return List.of(Range.of(all));
    }
    List<Interval> images =
        each(call, table, ranges.get(0), (x, entry) -> image(x, entry).orElse(all));
    return List.of(images.size() == 1 ? Range.of(images.getFirst()) : Range.perChannel(1, images));
  }

  private static Optional<Interval> image(Interval x, IntUnaryOperator entry) {
    return IntStream.rangeClosed((int) Math.ceil(x.low()), (int) x.high())
        .mapToObj(value -> Interval.point(entry.applyAsInt(value)))
        .reduce(Interval::join);
  }

  /** The largest difference of entries that lie at most so many steps apart. */
  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    Tensor table = call.constant(1);
    boolean steady = StepTransfers.error(errors, 1) instanceof ErrorBound.Exact;
    if (table == null || !steady) {
      return List.of(StepTransfers.exactOrUnknown(errors, id()));
    }
    ErrorBound error = errors.get(0);
    if (error instanceof ErrorBound.Exact || !error.isBounded()) {
      return List.of(error);
    }
    int distance = (int) Math.min(error.max(), size(call.type(0).elementType()));
    double[] spreads =
        each(call, table, ranges.get(0), (x, entry) -> spread(entry, x, distance)).stream()
            .mapToDouble(Double::doubleValue)
            .toArray();
    return List.of(
        spreads.length == 1 ? ErrorBound.uniform(spreads[0]) : ErrorBound.perChannel(1, spreads));
  }

  private static double spread(IntUnaryOperator entry, Interval x, int distance) {
    int first = (int) Math.ceil(x.low());
    int last = (int) x.high();
    if ((long) (last - first + 1) * distance > MOST_PAIRS) {
      return image(x, entry).map(Interval::width).orElse(0.0);
    }
    long largest = 0;
    for (int a = first; a <= last; a++) {
      for (int b = a; b <= Math.min(last, a + distance); b++) {
        largest = Math.max(largest, Math.abs(entry.applyAsInt(a) - entry.applyAsInt(b)));
      }
    }
    return largest;
  }

  /** Exact: the operator stands for its own specification. */
  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  /**
   * A Gather from the table; ONNX counts negative indices from the end, as the unsigned integer
   * does. With a table for each channel, from all tables one after the other, where each channel
   * begins at a place of its own.
   */
  @Override
  public @Nullable Expansion expansion(OpCall call) {
    Shape table = call.type(1).shape();
    if (!table.isStatic()) {
      return null;
    }
    ExpansionChain chain = new ExpansionChain();
    chain.start(
        OpId.of("Cast"),
        Attributes.NONE.with(TO, (long) ElementType.INT32.code()),
        List.of(Expansion.input(0)));
    String entries = Expansion.input(1);
    if (table.rank() == 2) {
      Tensor known = call.constant(1);
      if (known == null || !call.type(0).shape().isRanked()) {
        return null;
      }
      entries = chain.constant("tables", known.reshaped(Shape.of(table.elementCount())));
      ElementType type = ElementType.INT32;
      String size = chain.constant("size", Tensor.scalar(type, table.size(1)));
      chain.then(OpId.of("Mod"), Attributes.NONE, size);
      chain.then(OpId.of("Add"), Attributes.NONE, chain.constant("starts", starts(call)));
    }
    return chain.lookUp(entries).build();
  }

  private static Tensor starts(OpCall call) {
    long[] sizes = new long[call.type(0).shape().rank() - 1];
    Arrays.fill(sizes, 1);
    sizes[0] = call.type(1).shape().size(0);
    long size = call.type(1).shape().size(1);
    long[] values = LongStream.range(0, sizes[0]).map(c -> c * size).toArray();
    return Tensor.ofLongs(ElementType.INT32, Shape.of(sizes), values);
  }
}
