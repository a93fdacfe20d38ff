package dev.fixpoint.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.fixpoint.SharedData;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.internal.proto.TensorProto;
import dev.fixpoint.onnx.internal.proto.TensorProto.DataType;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxTensorsTest {
  private static Tensor read(TensorProto.Builder proto) {
    return OnnxTensors.read(proto.build().toByteArray());
  }

  private static TensorProto.Builder proto(DataType type, long... dims) {
    TensorProto.Builder proto = TensorProto.newBuilder().setDataType(type.getNumber());
    for (long dim : dims) {
      proto.addDims(dim);
    }
    return proto;
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"UNDEFINED", "STRING", "COMPLEX128"})
  void everyElementTypeComesBackEqual(ElementType type) {
    long[] bits = new SplittableRandom(type.code()).longs(7).toArray();
    if (type == ElementType.BOOL) {
      bits = new long[] {1, 0, 0, 1, 1, 0, 1};
    }
    Tensor tensor = Tensor.ofBits(type, Shape.of(7), bits);

    assertThat(OnnxTensors.read(OnnxTensors.toBytes("t", tensor))).isEqualTo(tensor);
  }

  @Test
  void stringsComeBackEqual() {
    Tensor tensor = Tensor.ofStrings(Shape.of(3), List.of("a", "", "ü"));

    assertThat(OnnxTensors.read(OnnxTensors.toBytes("t", tensor))).isEqualTo(tensor);
  }

  @Test
  void smallIntegersAreReadFromTheFieldOf32Bits() {
    assertThat(read(proto(DataType.INT8, 3).addAllInt32Data(List.of(-128, 0, 127))).toLongs())
        .containsExactly(-128, 0, 127);
    assertThat(read(proto(DataType.UINT16, 2).addAllInt32Data(List.of(0, 65535))).toLongs())
        .containsExactly(0, 65535);
    assertThat(read(proto(DataType.BOOL, 2).addAllInt32Data(List.of(0, 1))).toLongs())
        .containsExactly(0, 1);
  }

  @Test
  void packedIntegersAreReadSeveralAnEntry() {
    assertThat(read(proto(DataType.INT4, 3).addAllInt32Data(List.of(0x7f, 0x08))).toLongs())
        .containsExactly(-1, 7, -8);
    assertThat(read(proto(DataType.UINT2, 5).addAllInt32Data(List.of(0xe4, 0x01))).toLongs())
        .containsExactly(0, 1, 2, 3, 1);
  }

  @Test
  void halfFloatsAreReadFromTheirBits() {
    assertThat(
            read(proto(DataType.FLOAT16, 2).addAllInt32Data(List.of(0x3c00, 0xc000))).toDoubles())
        .containsExactly(1, -2);
    assertThat(
            read(proto(DataType.BFLOAT16, 2).addAllInt32Data(List.of(0x3f80, 0xc000))).toDoubles())
        .containsExactly(1, -2);
  }

  @Test
  void wideTypesAreReadFromTheirOwnFields() {
    assertThat(read(proto(DataType.DOUBLE, 1).addDoubleData(0.1)).toDoubles()).containsExactly(0.1);
    assertThat(read(proto(DataType.INT64, 1).addInt64Data(Long.MIN_VALUE)).toLongs())
        .containsExactly(Long.MIN_VALUE);
    assertThat(read(proto(DataType.UINT64, 1).addUint64Data(-1)).toLongs()).containsExactly(-1);
    assertThat(read(proto(DataType.UINT32, 1).addUint64Data(0xffffffffL)).toLongs())
        .containsExactly(0xffffffffL);
  }

  @Test
  void aScalarHasNoDimensions() {
    assertThat(read(proto(DataType.FLOAT).addFloatData(3)).type()).hasToString("float");
  }

  @Test
  void anEmptyTensorNeedsNoData() {
    assertThat(read(proto(DataType.FLOAT, 0, 3)).elementCount()).isZero();
  }

  @Test
  void stringsThatAreNotTextAreRefused() {
    assertThatThrownBy(
            () ->
                read(
                    proto(DataType.STRING, 1)
                        .addStringData(ByteString.copyFrom(new byte[] {(byte) 0xff}))))
        .isInstanceOf(ModelException.class)
        .hasMessage("tensor '' holds bytes that are not UTF-8 text; store them as a uint8 tensor");
  }

  @Test
  void everyTensorOfTheNodeTestsComesBackEqual() throws IOException {
    int count = 0;
    for (Path folder : SharedData.nodeTests()) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".pb")).toList()) {
          if (Files.size(file) > 0) {
            OnnxTensors.Named named = OnnxTensors.readNamed(file);
            assertThat(OnnxTensors.read(OnnxTensors.toBytes(named.name(), named.tensor())))
                .as(file.toString())
                .isEqualTo(named.tensor());
            count++;
          }
        }
      }
    }

    assertThat(count).isGreaterThan(2000);
  }

  @Test
  void aTensorFileIsWrittenAndRead(@TempDir Path folder) throws IOException {
    Tensor tensor = Tensor.ofFloats(Shape.of(2), 1, 2);

    OnnxTensors.write("input", tensor, folder.resolve("input_0.pb"));

    assertThat(OnnxTensors.readNamed(folder.resolve("input_0.pb")))
        .isEqualTo(new OnnxTensors.Named("input", tensor));
  }
}
