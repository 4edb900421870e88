"""Writes spec/arrow/every-type.arrows with PyArrow: record-arrow.py > spec/arrow/every-type.arrows"""
import datetime as dt
import decimal
import io
import sys

import pyarrow as pa

D=decimal.Decimal
tz=pa.timestamp('us','UTC')
cols=[
 ('i8',pa.array([1,None,-128],pa.int8())),('u16',pa.array([65535,None,0],pa.uint16())),('u64',pa.array([18446744073709551615,None,0],pa.uint64())),
 ('i64',pa.array([9223372036854775807,None,-1],pa.int64())),('f32',pa.array([0.5,None,-1.5],pa.float32())),('b',pa.array([True,None,False])),
 ('s',pa.array(['é','',None])),('ls',pa.array(['x',None,'yy'],pa.large_string())),('bin',pa.array([b'\x00\xff',None,b''])),('fb',pa.array([b'ab',None,b'cd'],pa.binary(2))),
 ('dec',pa.array([D('12345678901234567890.12'),None,D('-0.01')],pa.decimal128(22,2))),('date',pa.array([dt.date(1969,12,31),None,dt.date(2024,2,29)])),
 ('d64',pa.array([86400000*3,None,-86400000],pa.date64())),
 ('ts',pa.array([-1,None,1700000000123456],tz)),('tsn',pa.array([1700000000123456789,None,-1],pa.timestamp('ns'))),('tss',pa.array([5,None,-5],pa.timestamp('s','Europe/Berlin'))),
 ('dur',pa.array([1500,None,-1],pa.duration('ms'))),('mdn',pa.array([(1,2,3000),None,(-1,0,-5000)],pa.month_day_nano_interval())),
 ('l',pa.array([[1,None],None,[]],pa.list_(pa.int32()))),('fl',pa.array([[1,2],None,[3,4]],pa.list_(pa.int16(),2))),
 ('st',pa.array([{'a':1,'b':'x'},None,{'a':None,'b':None}],pa.struct([('a',pa.int32()),('b',pa.string())]))),
 ('m',pa.array([[('k',1)],None,[]],pa.map_(pa.string(),pa.int64()))),
 ('dict',pa.array(['p','q','p']).dictionary_encode()),('n',pa.nulls(3)),
 ('nest',pa.array([[{'d':D('1.5'),'m':[('z',[True])]}],None,[None]],pa.list_(pa.struct([('d',pa.decimal128(5,1)),('m',pa.map_(pa.string(),pa.list_(pa.bool_())))])))),
]
t=pa.table({n:a for n,a in cols})
s=io.BytesIO()
w=pa.ipc.new_stream(s,t.schema); w.write_table(t,max_chunksize=2); w.close()
sys.stdout.buffer.write(s.getvalue())
