using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GenCluster.Collectives.Tree;

/// <summary>
/// The top of the summation tree, (a + b) + (c + d), in one pass over memory: each operand is read once and the sum is written to
/// all its places while it is in a register. For vectors that no cache holds that is nearly twice as fast as addition by addition.
/// </summary>
internal static unsafe class CrownSum
{
    /// <summary>So many places at once; more streams than that and the processor loses track.</summary>
    public const int MostPlaces = 4;

    /// <summary>The bits are those of three <see cref="VectorSum.Add(float*, float*, float*, nint)"/>, whatever the width of a register.</summary>
    /// <param name="b">Null: a stands alone.</param>
    /// <param name="d">Null: c stands alone.</param>
    /// <param name="sums">Where the sum goes; each may be one of the operands, but must not overlap them otherwise.</param>
    /// <param name="places">How many: 1 to <see cref="MostPlaces"/>.</param>
    public static void Add(float* a, float* b, float* c, float* d, float** sums, int places, nint length)
    {
        if (b is null)
        {
            Add(new One(a), c, d, sums, places, length);
        }
        else
        {
            Add(new Two(a, b), c, d, sums, places, length);
        }
    }

    private static void Add<TLeft>(TLeft left, float* c, float* d, float** sums, int places, nint length)
        where TLeft : struct, IOperand
    {
        if (d is null)
        {
            Add(left, new One(c), sums, places, length);
        }
        else
        {
            Add(left, new Two(c, d), sums, places, length);
        }
    }

    private static void Add<TLeft, TRight>(TLeft left, TRight right, float** sums, int places, nint length)
        where TLeft : struct, IOperand
        where TRight : struct, IOperand
    {
        switch (places)
        {
            case 1:
                Run(left, right, new To(sums[0]), length);
                break;
            case 2:
                Run(left, right, new And<To>(sums[0], new To(sums[1])), length);
                break;
            case 3:
                Run(left, right, new And<And<To>>(sums[0], new(sums[1], new To(sums[2]))), length);
                break;
            default:
                Run(left, right, new And<And<And<To>>>(sums[0], new(sums[1], new(sums[2], new To(sums[3])))), length);
                break;
        }
    }

    /// <summary>One loop for each combination: the types are structures, so each is compiled with everything inlined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TLeft, TRight, TPlaces>(TLeft left, TRight right, TPlaces places, nint length)
        where TLeft : struct, IOperand
        where TRight : struct, IOperand
        where TPlaces : struct, IPlaces
    {
        nint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= length - Vector512<float>.Count; i += Vector512<float>.Count)
            {
                places.Put512(i, left.Get512(i) + right.Get512(i));
            }
        }
        else
        {
            for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
            {
                places.PutVector(i, left.GetVector(i) + right.GetVector(i));
            }
        }

        for (; i < length; i++)
        {
            places.Put(i, left.Get(i) + right.Get(i));
        }
    }

    private interface IOperand
    {
        Vector512<float> Get512(nint at);

        Vector<float> GetVector(nint at);

        float Get(nint at);
    }

    private interface IPlaces
    {
        void Put512(nint at, Vector512<float> sum);

        void PutVector(nint at, Vector<float> sum);

        void Put(nint at, float sum);
    }

    private readonly struct One(float* a) : IOperand
    {
        public Vector512<float> Get512(nint at) => Vector512.Load(a + at);

        public Vector<float> GetVector(nint at) => Vector.Load(a + at);

        public float Get(nint at) => a[at];
    }

    private readonly struct Two(float* a, float* b) : IOperand
    {
        public Vector512<float> Get512(nint at) => Vector512.Load(a + at) + Vector512.Load(b + at);

        public Vector<float> GetVector(nint at) => Vector.Load(a + at) + Vector.Load(b + at);

        public float Get(nint at) => a[at] + b[at];
    }

    private readonly struct To(float* a) : IPlaces
    {
        public void Put512(nint at, Vector512<float> sum) => sum.Store(a + at);

        public void PutVector(nint at, Vector<float> sum) => sum.Store(a + at);

        public void Put(nint at, float sum) => a[at] = sum;
    }

    private readonly struct And<TRest>(float* a, TRest rest) : IPlaces
        where TRest : struct, IPlaces
    {
        public void Put512(nint at, Vector512<float> sum)
        {
            sum.Store(a + at);
            rest.Put512(at, sum);
        }

        public void PutVector(nint at, Vector<float> sum)
        {
            sum.Store(a + at);
            rest.PutVector(at, sum);
        }

        public void Put(nint at, float sum)
        {
            a[at] = sum;
            rest.Put(at, sum);
        }
    }
}
