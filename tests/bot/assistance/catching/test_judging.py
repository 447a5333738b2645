from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assistance.catching.judging import caught
from bot.assistance.catching.refusal import QUIET_WORDS, Secret, explanation
from bot.assistance.tables import Side

HELD = [
    "482913",
    "4 8 2 9 1 3",
    "4.8.2.9.1.3",
    "4/8/2/9/1/3",
    "48-29-13",
    "48/29/13",
    "4_8_2_9_1_3",
    "4,8,2,9,1,3",
    "bốn tám hai chín một ba",
    "bốn, tám, hai, chín, một, ba",
    "bon tam hai chin mot ba",
    "BON TAM HAI CHIN MOT BA",
    "Bốn Tám Hai Chín Một Ba",
    "4 tám 2 chín 1 ba",
    "bốn mươi tám hai chín mười ba",
    "bon muoi tam hai chin muoi ba",
    "bốn tám hai nghìn chín trăm mười ba",
    "bốn trăm tám mươi hai nghìn chín trăm mười ba",
    "482 nghìn 913",
    "bốntámhaichínmộtba",
    "４８２９１３",
    "٤٨٢٩١٣",
    "𝟒𝟖𝟐𝟗𝟏𝟑",
    "④⑧②⑨①③",
    "4️⃣8️⃣2️⃣9️⃣1️⃣3️⃣",
    "⁴⁸²⁹¹³",
    "4x8x2x9x1x3",
    "4a8b2c9d1e3",
    "4 rồi 8 rồi 2 rồi 9 rồi 1 rồi 3",
    "bốn rồi tám tiếp hai rồi đến chín rồi một cuối cùng là ba",
    "số 4 số 8 số 2 số 9 số 1 số 3",
    "4\n8\n2\n9\n1\n3",
    "4\u200b8\u200b2\u200b9\u200b1\u200b3",
    "4\xa08\xa02\xa09\xa01\xa03",
    "&#52;&#56;&#50;&#57;&#49;&#51;",
    "four eight two nine one three",
    "four 8 two 9 one 3",
    "48Z9I3",
    "4O2 9l3",
    "48 hai số 8 13",
    "đọc ngược nhé 319284",
    "mã là 4829",
    "otp 4829",
    "mã xác thực 12345",
    "mã bốn tám hai chín",
    "OTP: 150.000 đồng",
    "4 mèo 8 mèo 2 mèo 9 mèo 1 mèo 3",
    "4 chó 8 gà 2 vịt 9 heo 1 bò 3",
    "bốn xong tám xong hai xong chín xong một xong ba",
    "001090123456",
    "001 090 123 456",
    "001.090.123.456",
    "không không một không chín không một hai ba bốn năm sáu",
    "khong khong mot khong chin khong mot hai ba bon nam sau",
    "cccd 0 0 1 0 9 0 1 2 3 4 5 6",
    "123456789",
    "C1234567",
    "hộ chiếu B 1234567",
    "9704 3612 3456 7890",
    "4111-1111-1111-1111",
    "chín bảy không bốn ba sáu một hai ba bốn năm sáu bảy tám chín không",
    "0912345678",
    "0912.345.678",
    "+84 912 345 678",
    "không chín một hai ba bốn năm sáu bảy tám",
    "mật khẩu là abc123",
    "mật khẩu của tôi là conmeo",
    "mk vneid của em là Abc@123",
    "mk: hoa2020",
    "pass là meocon",
    "password: qwerty",
    "mat khau vneid la Lan1975",
    "pin 1234",
    "mã pin là 123456",
    "m.k là trang99",
    "mật khẩu Abc@12345",
    "bo61n ta1m hai chi1n mo65t ba",
    "boons tams hai chins moojt ba",
    "sáu số 8",
    "ba cặp 8",
    "4 8 2 / 9 1 3 nhé bác",
    "12/03/2026 4829",
    "4829 12/03/2026 13",
    "48 2 chín mười ba",
    "bốn-tám-hai-chín-một-ba",
    "𝟺𝟾𝟸𝟿𝟷𝟹",
    "❹❽❷❾❶❸",
    "四八二九一三",
    "4—8—2—9—1—3",
    "4★8★2★9★1★3",
    "4😀8😀2😀9😀1😀3",
    "tứ bát nhị cửu nhất tam",
    "forty eight twenty nine thirteen",
    "số đầu là 4, số thứ hai là 8, số thứ ba là 2, số thứ tư là 9, kế là 1, cuối là 3",
    "4 8 không 9 hông 3",
    "00:10:90:12:34:56",
    "482 913",
    "482-913",
    "482.913 đồng",
    "482.913",
    "48291 3",
    "482 và 913",
    "Đây ạ: 4 - 8 - 2 - 9 - 1 - 3",
    "bốn tám hai, chín một ba",
    "bốn trăm lẻ tám hai trăm lẻ ba",
    "<b>4</b><b>8</b><i>2</i>913",
    "b.ố.n t.á.m h.a.i c.h.í.n m.ộ.t b.a",
    "4.0.8.2.9.1",
    "%34%38%32%39%31%33",
    "1|2|3|4|5|6",
    "tài khoản 0123456789012",
    "20260312",
    "12032026",
    "1900482913",
    "12:34 56",
    "12:34:56",
    "abc@123 là mật khẩu của tôi",
    "m@t kh@u: Hoa@123",
    "pa$$ la meo123",
    "mat khau moi cua em la 123",
    "Pass zalo của tôi: Hoa_1988",
    "mã pin thẻ là 2580",
    "ma otp la 48 29",
    "OTP nè 4 8 2 9",
    "bốn tám hai chín là mã ạ",
    "số tài khoản 19031234567890",
    "stk 101234567",
    "cmnd 012 345 678",
    "bhxh 0123456789",
    "mã số của cháu là 482 913",
    "hai nghìn không trăm mười ba bốn mươi tám",
    "bốn chục tám, hai chục chín, mười ba",
    "bốn mươi tám vạn hai nghìn chín trăm mười ba",
    "four hundred eighty two thousand nine hundred thirteen",
    "b0n t4m h4i ch1n m0t b4",
    "a) 4 b) 8 c) 2 d) 9 e) 1 f) 3",
    "số 1: 4, số 2: 8, số 3: 2, số 4: 9, số 5: 1, số 6: 3",
    "Câu 1. 4\nCâu 2. 8\nCâu 3. 2\nCâu 4. 9\nCâu 5. 1\nCâu 6. 3",
    "4h82 9h13",
    "48h29h13",
    "số nhà 482 913",
    "IV VIII II IX I III",
    "IV-VIII-II-IX-I-III",
    "hăm tám băm chín mười ba",
    "bốn zê rô tám hai một ba",
    "b ố n t á m h a i c h í n m ộ t b a",
    "b ố n, t á m, h a i, c h í n, m ộ t, b a",
    "bоn tаm hаi сhin mоt bа",
    "⠼⠙⠓⠃⠊⠁⠉",
    "⚃⚅⚁⚅⚀⚂",
    "𝐛𝐨𝐧 𝐭𝐚𝐦 𝐡𝐚𝐢 𝐜𝐡𝐢𝐧 𝐦𝐨𝐭 𝐛𝐚",
    "bốn_tám_hai_chín_một_ba",
    "BỐN.TÁM.HAI.CHÍN.MỘT.BA",
    "482k913",
    "482000 + 913",
    "mã gồm bốn số: bốn tám hai chín",
    "4 8 2\n\n\n9 1 3",
    "48 hai mươi chín mười ba",
    "bốn tám - hai chín - một ba",
    "Bốn tám hai rồi tới chín một ba nghe bác",
    "nó báo 482-913 đó",
    "số cuối là 3, trước đó 1, trước nữa 9, rồi 2, 8, đầu là 4",
    "4️⃣ rồi 8️⃣ rồi 2️⃣ rồi 9️⃣ rồi 1️⃣ rồi 3️⃣",
    "không một hai ba bốn năm",
    "hai trăm mười ba nghìn không trăm linh năm",
    "mật khẩu em đặt là hoamai",
    "mật khẩu đổi thành Abc123",
    "mật khẩu viết hoa chữ đầu: Hoa2020",
    "pw: lan123",
    "M.K: Hoa@2020",
    "mat_khau = hoa2020",
    'mật khẩu của chị ấy là: "ConMeo#1"',
    "thẻ 9704 vietcombank 0123 4567 8901",
    "cccd: không không một, không chín không, một hai ba, bốn năm sáu",
    "số định danh 001.090.123.456",
    "vé số 482913",
    "không chín không hai ba bốn năm sáu bảy tám",
    "112-111",
    "112 rồi 112",
    "của cháu đây: 111 111",
    "lăm sáu bảy tám chín mốt",
    "mã là lăm sáu bảy tám",
    "ot p 4829",
    "mxt 4829",
    "mã xn: 4829",
    "mật khẩu một lần 4829",
    "nó gửi 4 số 4829",
    "mấy số nó gửi là 4829",
    "mật khẩu là bốn tám hai chín",
    "mật khẩu ấy là hoamai nhé",
    "mã otp 000.00.53.H48-220921-0099",
    "mã 000.00.53.H48-220921-0099 4829",
    "mã 482913 000.00.53.H48-220921-0099",
    "mã 000.00.53.H48-220921-0099-482913",
    "mã 000.00.53.H48-482913-0099",
    "4 xuống dòng 8 xuống dòng 2 xuống dòng 9 xuống dòng 1 xuống dòng 3",
    "4 sẹc 8 sẹc 2 dấu chấm 9 xuyệt 1 dấu cách 3",
    "bo^'n ta'm hai chi'n mo^.t ba",
    "bo'n x sa'u x na(m x bay? x kho^ng x ba",
    "bốnn tám haii chín một baa",
    "khôg bốn tám haii chín một",
    "hai mươi chín không bốn ba",
    "ba mươi chín, ba, mười, bảy",
    "chín mươi - hai - năm mươi - không",
    "sáu\nmười\nsáu\nnăm\nsáu",
    "bon - muoi chin - hai muoi - mot",
    "tám trăm năm chục ba, sáu trăm sáu mươi ba",
    "sáu trăm mười - ba trăm linh ba",
    "bốn trăm - năm trăm sáu mươi sáu",
    "3 lần số 5 3 lần số bảy",
    "ba con 8, 3 lần bẩy",
    "bảy, năm lần không",
    "4 ba 2 lần 3 số chín",
    "5 cặp một kép không bẩy",
    "nó là 6 4 7 4 s 7",
    "l 4 Z o z b",
    "zBi07B",
    "zg8qBz",
    "hai - khong - muoi - bon - khong",
    "9 năm đúp 2 1 2",
    "48 lOll",
    "Đây ạ c.h.í.n, b.ả.y, n.ă.m, h.a.i, c.h.í.n, m.ộ.t",
    "269000 đó bác",
    "tin nhắn ghi 4829",
    "máy báo về 4829.",
    "dạ 5845 mèo 39 là mã",
    "ba lần hai đôi 4 9",
    "mã nè hai, 2 lần 9, bảy, bốn",
    "4 gấp đôi 8 gấp đôi 9 gấp đôi",
    "mã gồm 482 đọc lại hai lần",
    "482 hai lần",
    "ba lần 48",
    "nó gửi về 8 và 8 và 2 và 0",
    "tin nhắn ghi 7/3/7/8/9",
    "tin nhắn ghi đọc ngược lại: 9 , 3 , 6 , 2",
    "nó gửi về 12a6x7x8x",
    "tin nhắn ghi hai tiếp bảy tiếp hai tiếp chín",
    "máy báo mười hai, tám mươi ba, bốn",
    "sdt khong chin sau hai lẻ ko nhăm ko nhăm ba",
    "otp 1.004829",
    "mã otp 4829/QĐ-UBND",
    "mã 1.004829, 482913",
    "xong 104001206905",
    "user lan pass hoamai",
    "tài khoản lan mật khẩu hoamai",
]

PASSES = [
    "150.000 đồng",
    "2 triệu rưỡi",
    "5.000đ/bản",
    "12/03/2026",
    "8h30 ngày 5/12",
    "ngày mười hai tháng ba năm hai nghìn không trăm hai mươi sáu",
    "1.001193",
    "thủ tục 1.001193 và 2.000635",
    "000.00.53.H48-220921-0099",
    "mã hồ sơ H48-220921-0099 của tôi",
    "một năm là 1.263.600 đồng",
    "mã 000.00.53.H48-220921-0099 nhé",
    "mã của bác là 000.00.53.H48-220921-0099, bác ghi lại",
    "Nghị định 123/2015/NĐ-CP",
    "Luật 91/2025",
    "gọi 1022 hoặc 18001096",
    "113/114/115",
    "gửi vào thư phuongbadinh@hanoi.gov.vn",
    "gọi 1022 hoặc 113",
    "gọi 113, 114 hoặc 115 nhé bác",
    "19006649",
    "1900 6649",
    "ba mẹ tôi năm nay sáu hai tuổi",
    "Điều 12 khoản 3",
    "năm sau bay vào nam với hai ba người",
    "từ 150.000 đến 200.000 đồng",
    "lệ phí 1.500.000 đồng, nộp ngày 12/03/2026",
    "cần 2 bản sao, 1 tờ khai, 3 ảnh 4x6 và 1 giấy khai sinh",
    "ảnh 2x3, 3x4, 4x6",
    "thứ hai, thứ ba, thứ tư, thứ năm, thứ sáu, thứ bảy",
    "Giờ làm việc: 7h30 - 11h30, 13h30 - 17h00",
    "từ 8:00 đến 11:30",
    "sinh năm 1964, 1990",
    "giai đoạn 2021-2025",
    "số nhà 12/34/56 phường Bến Thành",
    "Điều 12, 13, 14 và 15",
    "mẫu CT01, TK1-TS",
    "không sau năm ba tư",
    "bác mấy tuổi rồi ạ? tôi 62 tuổi, có 3 con",
    "mã OTP gồm 6 chữ số, có hiệu lực trong 180 giây",
    "bác đừng đưa mã OTP cho ai",
    "bác đừng gửi mã OTP hay mật khẩu",
    "mật khẩu là gì vậy cháu",
    "mật khẩu có ít nhất 8 ký tự",
    "mật khẩu cấp 2 là sao",
    "quên mật khẩu VNeID thì làm sao",
    "mã OTP và nộp 150.000 đồng",
    "xác thực tài khoản mức 2 năm 2026",
    "mã số thuế thì sao",
    "đăng ký xe 29A-123.45",
    "biển số 29A1-123.45 thì đổi ở đâu",
    "hai ba ngày nữa có",
    "năm bảy năm rồi",
    "bay vào Nam sau năm ba",
    "diện tích 1.234,56 m2",
    "đất 120 m2 rộng 5m dài 24m",
    "thửa đất số 123, tờ bản đồ số 45",
    "03706/2026/07906",
    "QCVN 06:2022/BXD",
    "từ 03/2026 đến 12/2026",
    "thuế phải nộp 1.234.567 đồng",
    "một trăm năm mươi nghìn đồng",
    "năm trăm nghìn",
    "hai triệu năm trăm nghìn đồng",
    "1 triệu 2",
    "150k",
    "nộp 50k với 20k",
    "còn 5 ngày, 3 giờ",
    "lớp 1, 2, 3",
    "tầng 3 phòng 305 số 12 đường Lê Lợi",
    "Quyết định số 1234/QĐ-UBND ngày 12/03/2026",
    "thủ tục mã 1.115978, Quyết định 4685/QĐ-BCA-C08 ngày 22/7/2026",
    "thủ tục mã 1.115970 và 1.115971",
    "VNeID gửi OTP để nộp thủ tục 1.001193",
    "hai ảnh bốn nhân sáu, nộp chậm thì phạt gấp đôi",
    "phạt 500.000 gấp đôi",
    "tin nhắn ghi 8h30 ngày 12/3",
    "máy báo 12/03/2026",
    "Thông tư 55/2021/TT-BCA",
    "1. Tờ khai\n2. CCCD\n3. Hộ khẩu\n4. Ảnh\n5. Đơn\n6. Phí",
    "một là đơn, hai là ảnh, ba là lệ phí",
    "tôi không biết, ba tôi năm nay bảy mươi hai",
    "hai vợ chồng tôi có ba đứa con, đứa lớn chín tuổi, đứa nhỏ bốn tuổi",
    "công dân số 1 của xã",
    "bà không tự làm được",
    "trước ngày 25/12, 20 người",
    "hẹn 25/12, 20 người",
    "VNeID phiên bản 2.1.6",
    "họp từ 8h30 đến 10h ngày 12/3/2026",
    "đơn giá 12.500đ, 3 bản là 37.500đ",
    "thứ 2, thứ 3, thứ 4, thứ 5, thứ 6",
    "thứ 2-6",
    "12-3-2026",
    "2026-03-12",
    "ngày 12 tháng 3 năm 2026",
    "ngày 12 03 2026",
    "hạn đến 31/12/2026 ạ",
    "toi khong biet nam nay ba toi bao nhieu tuoi",
    "khong sao, sau nam nay ba me toi bay vao nam",
    "tôi sinh ngày 2/9/1975 tại Nam Định",
    "mỗi tháng 2 lần, mỗi lần 3 ngày",
    "PA-7K3M9Q",
    "lệ phí 50000 đồng",
    "lệ phí 150000đ",
    "mk là gì",
    "em quên mk rồi",
    "pass của cháu bị khoá rồi",
    "hết pin rồi",
    "điện thoại còn 20% pin",
    "mã thủ tục 1.001193",
    "bước 1, 2, 3",
    "năm 2026, 15 hồ sơ",
    "từ 8h30, 15 người",
    "chúc mừng hai chục năm",
    "tổ chức 2 lần, 3 ngày",
    "hai chục trứng",
    "nhà 120m2, đất 100m2",
    "Chương I, II, III, IV, V, VI",
    "mật khẩu VNeID cấp 2 có cần mẫu CT01 không",
    "a b c d",
    "ý à ạ ở",
    "phòng 305, tầng 3",
    "8h-11h30, 13h-17h",
    "từ 7h30-11h30 và 13h30-17h00 thứ 2-6",
    "số 12 đường Lê Lợi, phường 3",
    "hạn 3 năm, 5 năm hoặc 10 năm",
    "lớp 9A1, 10A2",
    "Bộ luật 91/2015/QH13, Luật 26/2023/QH15",
    "bác vào Dịch vụ công rồi bấm Đăng nhập, gõ mật khẩu của mình, đừng đọc cho ai",
    "gõ số căn cước 12 số và mật khẩu 8 ký tự",
    "OTP có 6 số gửi về điện thoại trong 3 phút",
    "chờ 5-7 ngày làm việc",
    "đổi thẻ căn cước khi đủ 14, 25, 40 và 60 tuổi",
    "trẻ dưới 6 tuổi, từ 6 đến 14 tuổi",
    "phí 20.000đ/lần, 30.000 đ nếu mất",
    "tổng cộng 1.250.000đ",
    "nộp 2.500.000 đồng thuế",
    "Giấy hẹn trả ngày 15/12/2026 lúc 14h00",
    "xe 29A1-123.45 biển 5 số",
    "gọi 024 thì sao",
    "Ngành nghề mã 4711",
    "Anh/chị còn giữ chứng minh nhân dân 9 số không?",
    "tin nhắn ghi 5000 đồng",
    "tin nhắn báo 15.000 đồng",
    "máy báo năm 2026",
    "làm 2 lần, mỗi lần 3 ngày",
    "tài khoản và mật khẩu trước đây",
    "user và pass quên rồi",
    "từ mười tám đến hai mươi lăm",
    "giờ ba sáu mươi bảy, tuần nào cũng đi tập",
    "tháng chín năm 1976, hai mươi mốt năm trong quân ngũ",
    "tui ở bộ đội từ 72, dìa 88, mười sáu năm",
]

BEFORE = [
    (["482"], "913", True),
    (["48"], "lOll", True),
    (["mã OTP là"], "dạ 5845 mèo 39 nhé bác", True),
    (["4", "8", "2", "9", "1"], "3", True),
    (["bốn tám hai"], "chín một ba", True),
    (["mã OTP của em là"], "4829", True),
    (["mã của em là 482"], "còn lại 913", True),
    (["482", "đợi chút"], "913", True),
    (["48291", "3"], "3", True),
    (["001090"], "123456", True),
    (["0912"], "345678", True),
    (["mật khẩu của em là"], "conmeo123", True),
    (["mk vneid"], "Abc@12345", True),
    (["mật khẩu VNeID của cháu là gì nhỉ"], "Conmeo88", True),
    (["59", "rồi sao nữa", "8 xong chưa", "ba", "để bác coi lại"], "tiếp 24", True),
    (["mã OTP nè", "9", "máy chậm quá"], "xong 636", True),
    (["mã OTP nè", "859 nhé bác"], "không", True),
    (["092", "03 nhé bác", "cái này đúng không em"], "chín sáu sáu bốn năm", True),
    (["tôi có 2 con"], "3 bản", False),
    (["2 con", "3 tờ", "mục 4 xong chưa em"], "phường 5", False),
    (["8h30 nhé bác", "bước 12 xong rồi"], "thứ 2 nhé", False),
    (["tôi 62 tuổi"], "sinh năm 1964", False),
    (["482913"], "2 bản nhé", False),
    (["mã OTP ở đâu"], "lệ phí 15.000 đồng", False),
    (["không nhận được mã"], "từ năm 2026", False),
    (["62"], "ngày 12/03/2026", False),
    (["quên mật khẩu rồi"], "dạ", False),
    (["mật khẩu là gì"], "không nhớ", False),
    (["OTP hết hạn sau 5 phút", "chọn ô 3"], "mã 000.00.53.H48-220921-0099 nhé", False),
]

CHATTER = ["dạ", "bác chờ chút", "em ghi chưa", "rồi sao nữa", "cái này đúng không em", "để bác coi lại"]

KINDS = [
    ("482913", Secret.OTP),
    ("mã 4829", Secret.OTP),
    ("001090123456", Secret.IDENTITY),
    ("123 456 789", Secret.IDENTITY),
    ("C1234567", Secret.IDENTITY),
    ("4111 1111 1111 1111", Secret.CARD),
    ("số tài khoản 0071000123456", Secret.CARD),
    ("0912 345 678", Secret.PHONE),
    ("+84 912 345 678", Secret.PHONE),
    ("mật khẩu là Hoa@2020", Secret.PASSWORD),
]

WORDS = (
    ("không", "khong", "zero", "KHÔNG", "hông"),
    ("một", "mot", "Một", "one"),
    ("hai", "HAI", "two"),
    ("ba", "Ba", "three"),
    ("bốn", "bon", "tư", "four"),
    ("năm", "nam", "NĂM", "five"),
    ("sáu", "sau", "six"),
    ("bảy", "bẩy", "bay", "seven"),
    ("tám", "tam", "eight"),
    ("chín", "chin", "nine"),
)
SIGNS: tuple[Callable[[str], str], ...] = (
    lambda digit: digit,
    lambda digit: chr(0xFF10 + int(digit)),
    lambda digit: chr(0x660 + int(digit)),
    lambda digit: chr(0x966 + int(digit)),
    lambda digit: chr(0x1D7CE + int(digit)),
    lambda digit: chr(0x1D7F6 + int(digit)),
    lambda digit: "⓪①②③④⑤⑥⑦⑧⑨"[int(digit)],
    lambda digit: "⓿❶❷❸❹❺❻❼❽❾"[int(digit)],
    lambda digit: "⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)],
    lambda digit: "₀₁₂₃₄₅₆₇₈₉"[int(digit)],
    lambda digit: "〇一二三四五六七八九"[int(digit)],
    lambda digit: digit + "\ufe0f\u20e3",
    lambda digit: digit + "\u0336",
    lambda digit: f"&#{ord(digit)};",
)
# A slash or a dot between pairs could be a date, a colon an hour: those stand between single digits only.
GAPS = (
    " ",
    "",
    "-",
    " - ",
    "_",
    "\n",
    "\u200b",
    "\u00a0",
    "…",
    "*",
    "|",
    "•",
    " → ",
    "~",
    "+",
    "\t",
    " rồi ",
    " tiếp ",
)
FINE = (*GAPS, ".", "/", ",", ":", "x", " số ", " xong ", " rồi đến ", "👉", " a ")
TENS = ("", "mười", "hai mươi", "ba mươi", "bốn mươi", "năm mươi", "sáu mươi", "bảy mươi", "tám mươi", "chín mươi")
ONES = ("", "mốt", "hai", "ba", "bốn", "lăm", "sáu", "bảy", "tám", "chín")

number = (
    st.sampled_from((6, 8, 9, 12, 16))
    .flatmap(lambda size: st.text("0123456789", min_size=size, max_size=size))
    .filter(lambda digits: not digits.startswith(("18", "19", "20")))  # hotlines and years look so
)
about = st.sampled_from(("", "dạ ", "của cháu đây: ", "bác đọc giúp nhé, "))


@pytest.mark.parametrize("text", HELD)
def test_held(text: str) -> None:
    assert caught(text)


@pytest.mark.parametrize("text", PASSES)
def test_passes(text: str) -> None:
    assert not caught(text, strangers=True)


@pytest.mark.parametrize(("before", "text", "held"), BEFORE)
def test_earlier_messages_count(before: list[str], text: str, held: bool) -> None:
    assert bool(caught(text, before)) is held


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_kinds(text: str, kind: Secret) -> None:
    assert caught(text) == (kind,)


@pytest.mark.parametrize("text", ["chào, em là @lan_nguyen", "nhắn em ở https://t.me/hoabinh nhé", "zalo.me/hoabinh"])
def test_strangers_do_not_learn_of_accounts(text: str) -> None:
    assert caught(text, strangers=True) == (Secret.ACCOUNT,)
    assert "nhắn riêng" in explanation((Secret.ACCOUNT,), Side.HELPER)
    assert not caught(text)


@settings(max_examples=150, deadline=None)
@given(number, about, st.sampled_from(FINE), st.data())
def test_no_number_gets_through_digit_by_digit(number: str, about: str, gap: str, data: st.DataObject) -> None:
    sign = data.draw(st.sampled_from(SIGNS))
    assert caught(about + gap.join(map(sign, number)))


@settings(max_examples=150, deadline=None)
@given(number, about, st.sampled_from(FINE[1:]), st.data())
def test_no_number_gets_through_in_words(number: str, about: str, gap: str, data: st.DataObject) -> None:
    said = [data.draw(st.sampled_from((digit, *WORDS[int(digit)]))) for digit in number]
    gap = gap if len(gap.strip()) != 1 or not gap.isalpha() else f" {gap} "
    assert caught(about + (gap or " ").join(said))


@settings(max_examples=100, deadline=None)
@given(number, about, st.sampled_from(GAPS), st.sampled_from((2, 3, 4)))
def test_no_number_gets_through_in_groups(number: str, about: str, gap: str, size: int) -> None:
    assert caught(about + gap.join(number[at : at + size] for at in range(0, len(number), size)))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(11, 99).filter(lambda pair: pair % 10), min_size=3, max_size=8), st.booleans())
def test_no_number_gets_through_in_tens(pairs: list[int], comma: bool) -> None:
    said = [f"{TENS[pair // 10]} {'một' if pair == 11 else ONES[pair % 10]}" for pair in pairs]
    assert caught((", " if comma else " ").join(said))


@settings(max_examples=60, deadline=None)
@given(number, st.data())
def test_no_number_gets_through_in_crumbs(number: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, 5))
    assert caught(number[cut:], [number[:cut]])
    assert caught(number[-1], list(number[:-1]))


@settings(max_examples=60, deadline=None)
@given(number, st.sampled_from(["nhé bác", "xong chưa", "ạ", "nha em", ""]), st.sampled_from(CHATTER), st.data())
def test_no_number_gets_through_in_crumbs_with_talk_around(
    number: str, tail: str, chatter: str, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(number) - 1))
    first, rest = f"{number[:cut]} {tail}", f"{number[cut:]} {tail}"
    assert caught(first) or caught(rest, [first, chatter])


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_is_judged(text: str, before: list[str]) -> None:
    assert caught(text, before) == caught(text, before)


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(1, 998), st.sampled_from("/-."))
def test_days_and_sums_pass(day: date, thousands: int, sign: str) -> None:
    assert not caught(f"nộp trước ngày {day:%d{sign}%m{sign}%Y}, lệ phí {thousands}.000 đồng, {thousands + 1}.500đ/bản")
    assert not caught(f"{day:%d/%m/%Y}")


@pytest.mark.parametrize(
    "piece", ["4 ", "bốn tám ", "điều 1, ", "mk ", "1.", "<a", "a.", "năm 2026, ", "H48-1234", "(", "mật khẩu "]
)
def test_long_texts_take_no_long_time(piece: str) -> None:
    begun = time.process_time()
    caught((piece * 10_000)[:10_000])
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("side", list(Side))
def test_explanation_says_what_happened_and_nothing_of_the_secret(side: Side) -> None:
    for secret in Secret:
        words = explanation((secret,), side)
        assert "không chuyển" in words
        assert "không lưu" in words
        assert "không bao giờ hỏi" in words
    both = explanation((Secret.OTP, Secret.PHONE), side)
    assert "OTP" in both
    assert "số điện thoại" in both
    assert not caught(both)
    assert not caught(QUIET_WORDS)
