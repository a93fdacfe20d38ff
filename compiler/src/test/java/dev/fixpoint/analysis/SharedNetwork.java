package dev.fixpoint.analysis;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.SharedData;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A network of the data folder, quantized for inputs in a box. */
record SharedNetwork(Graph source, Map<String, Range> box, CompiledModel compiled) {
  /** The range of a normalized pixel of the digits. */
  private static final Range PIXELS = Range.of(-0.78948, 1.84212);

  /** Reads a network and quantizes it on one random sample from its box. */
  static SharedNetwork of(String file) throws IOException {
    Graph source = OnnxReader.read(SharedData.path(file));
    Value input = source.inputs().getFirst();
    Range range = file.startsWith("digits/") ? PIXELS : Range.of(-1, 1);
    Map<String, Range> box = Map.of(input.name(), range);
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT.withInputRanges(box));
    Tensor sample = sample(source.type(input).shape(), range);
    return new SharedNetwork(
        source, box, compiler.quantize(source, List.of(Map.of(input.name(), sample))));
  }

  private static Tensor sample(Shape declared, Range range) {
    List<Dimension> sizes = new ArrayList<>(declared.dimensions());
    sizes.replaceAll(size -> size.isFixed() ? size : Dimension.of(1));
    Shape shape = Shape.of(sizes);
    Random random = new Random(7);
    double[] values = new double[Math.toIntExact(shape.elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          range.hull().low() + random.nextDouble() * (range.hull().high() - range.hull().low());
    }
    return Tensor.ofDoubles(ElementType.FLOAT, shape, values);
  }
}
