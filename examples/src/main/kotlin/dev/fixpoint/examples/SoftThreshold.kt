package dev.fixpoint.examples

import dev.fixpoint.bound.ErrorBound
import dev.fixpoint.bound.Interval
import dev.fixpoint.bound.Range
import dev.fixpoint.op.Attribute
import dev.fixpoint.op.OpCall
import dev.fixpoint.op.OpDefinition
import dev.fixpoint.op.OpId
import dev.fixpoint.op.OpSchema
import dev.fixpoint.op.Transfers
import dev.fixpoint.runtime.kernel.Kernel
import dev.fixpoint.runtime.kernel.KernelCall
import dev.fixpoint.runtime.kernel.PreparedKernel
import dev.fixpoint.tensor.ElementType
import dev.fixpoint.tensor.Tensor
import kotlin.math.abs
import kotlin.math.max
import kotlin.math.sign

/** An operator of one's own: `sign(x) * max(|x| - lambda, 0)`, the proximal map of the 1-norm. */
object SoftThreshold : OpDefinition {
  /** What is taken off every magnitude. */
  val LAMBDA: Attribute<Float> = Attribute.ofFloat("lambda", 0.5f)

  private val SCHEMA =
    OpSchema
      .of(OpId("example", "SoftThreshold"))
      .versions(1)
      .input("X", OpSchema.Types.FLOATS)
      .output("Y", OpSchema.Types.FLOATS)
      .attributes(LAMBDA)
      .doc("Each element, closer to zero by lambda.")

  override fun schema() = SCHEMA

  override fun inferTypes(call: OpCall) = listOf(call.type(0))

  override fun evaluate(call: OpCall): List<Tensor> {
    val x = call.tensor(0)
    val y = x.toDoubles().map { shrunk(it, call) }
    return listOf(Tensor.ofDoubles(x.elementType(), x.shape(), *y.toDoubleArray()))
  }

  private fun shrunk(x: Double, call: OpCall) = sign(x) * max(abs(x) - call.get(LAMBDA), 0.0)

  // Increasing, so that the ends of the interval go to the ends; stored once rounded.
  override fun rangeTransfer(call: OpCall, ranges: List<Range?>): List<Range> = listOf(
    (ranges[0] ?: Range.ALL).map { x: Interval ->
      Transfers.stored(
        call.type(0).elementType(),
        Interval(shrunk(x.low, call), shrunk(x.high, call)),
      )
    },
  )

  // The result moves by no more than its input, but for the roundings of both evaluations.
  override fun errorTransfer(
    call: OpCall,
    ranges: List<Range?>,
    errors: List<ErrorBound>,
  ): List<ErrorBound> = listOf(
    Transfers.lipschitz(
      1.0,
      errors[0],
      call.type(0).elementType(),
      rangeTransfer(call, ranges)[0],
    ),
  )

  override fun localError(call: OpCall, ranges: List<Range?>): List<ErrorBound> =
    listOf(Transfers.rounding(call.type(0).elementType(), rangeTransfer(call, ranges)[0]))

  // One subtraction in the element type, as the reference rounds once.
  override fun machineError(call: OpCall, outputs: List<Tensor>): List<ErrorBound> =
    outputs.map { ErrorBound.EXACT }
}

/** The operator in float32, over any range of elements on any thread. */
object SoftThresholdKernel : Kernel {
  override fun supports(call: KernelCall) = call.isArrayCall && call.element(0) == ElementType.FLOAT

  override fun prepare(call: KernelCall): PreparedKernel {
    val lambda = call.get(SoftThreshold.LAMBDA)
    return PreparedKernel { operands, _, _, _ ->
      val x = operands.input(0)
      val y = operands.output()
      for (i in 0 until x.count()) {
        val value = x.floats()[x.offset() + i]
        y.floats()[y.offset() + i] = sign(value) * max(abs(value) - lambda, 0f)
      }
    }
  }
}
